package io.github.childconnector.adapter.sming;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdDSAParameterSpec;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The algorithms of the JDK. Every JDK from 17 on has it, so that its absence is no case. */
final class Algorithms {
  private Algorithms() {}

  static MessageDigest md5() {
    return having(() -> MessageDigest.getInstance("MD5"));
  }

  /** Signs by Ed25519ph with an empty context. */
  static byte[] ed25519ph(byte[] seed, byte[] message) {
    return having(
        () -> {
          PrivateKey key =
              KeyFactory.getInstance("Ed25519")
                  .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
          Signature signature = Signature.getInstance("Ed25519");
          signature.setParameter(new EdDSAParameterSpec(true));
          signature.initSign(key);
          signature.update(message);
          return signature.sign();
        });
  }

  /** Adds the stream of ChaCha20 (RFC 8439) to a text, from that block of 64 bytes on. */
  static byte[] chaCha20(byte[] key, byte[] nonce, int block, byte[] text) {
    return having(
        () -> {
          Cipher cipher = Cipher.getInstance("ChaCha20");
          cipher.init(
              Cipher.ENCRYPT_MODE,
              new SecretKeySpec(key, "ChaCha20"),
              new ChaCha20ParameterSpec(nonce, block));
          return cipher.doFinal(text);
        });
  }

  private interface Computation<T> {
    T make() throws GeneralSecurityException;
  }

  private static <T> T having(Computation<T> computation) {
    try {
      return computation.make();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime lacks what every one should have", e);
    }
  }
}

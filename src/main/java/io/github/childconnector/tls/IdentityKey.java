package io.github.childconnector.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;

/** The private key that belongs to our certificate. */
final class IdentityKey {
  private static final byte[] SAMPLE = {1, 2, 3};

  private IdentityKey() {}

  /** Reads the key, and makes sure that it is the one of {@code owner}. */
  static PrivateKey read(TlsSettings.Identity identity, PublicKey owner) throws IOException {
    Pem.Block block = block(identity.key());
    if (!block.label().equals("PRIVATE KEY")) {
      throw new IOException(otherForm(block.label(), identity.key()));
    }
    try {
      PrivateKey key =
          KeyFactory.getInstance(owner.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(block.bytes()));
      if (belongs(key, owner)) {
        return key;
      }
      throw new IOException(notTheKey(identity));
    } catch (GeneralSecurityException e) {
      throw new IOException(notTheKey(identity), e);
    }
  }

  private static Pem.Block block(Path file) throws IOException {
    return Pem.read(file).stream()
        .filter(block -> block.label().endsWith("PRIVATE KEY"))
        .findFirst()
        .orElseThrow(
            () ->
                new IOException(
                    "no private key in "
                        + file
                        + ": it must hold a block that begins with -----BEGIN PRIVATE KEY-----"));
  }

  private static String otherForm(String label, Path file) {
    return "the key in %s is in the form \"%s\", which is not read here: convert it with"
            .formatted(file, label)
        + " openssl pkcs8 -topk8 -nocrypt -in %s -out %s.pk8 and name the new file"
            .formatted(file, file);
  }

  private static String notTheKey(TlsSettings.Identity identity) {
    return "the key in %s does not belong to the first certificate in %s: give the two that were made together"
        .formatted(identity.key(), identity.certificate());
  }

  private static boolean belongs(PrivateKey key, PublicKey owner) throws GeneralSecurityException {
    String algorithm =
        switch (owner.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> owner.getAlgorithm();
        };
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(SAMPLE);
    byte[] signed = signature.sign();
    signature.initVerify(owner);
    signature.update(SAMPLE);
    return signature.verify(signed);
  }
}

package io.github.childconnector.adapter.sming;

import static io.github.childconnector.adapter.sming.OtaFile.require;

import io.github.childconnector.adapter.sming.OtaFile.OtaFormatException;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The encrypted form of an OTA upgrade file: libsodium's secretstream (XChaCha20-Poly1305) in
 * chunks, as Sming's otatool writes it. Only what otatool uses is read: no additional data, and no
 * change of key within the stream.
 *
 * <pre>
 * a0 a1 … b7    24 bytes of header
 * 78 00         length of the chunk, less 1, little-endian
 * a8 …          tag, encrypted; 0 for a chunk, 3 for the last
 * …             up to 2031 bytes, encrypted
 * …             16 bytes that authenticate the chunk
 * </pre>
 */
final class SecretStream {
  static final int HEADER = 24;
  private static final int CHUNK = 2031;
  private static final int OVERHEAD = 17;
  private static final int TAG = 16;
  private static final int BLOCK = 64;
  private static final int KEY = 32;
  private static final byte MESSAGE = 0;
  private static final byte FINAL = 3;

  /** "expand 32-byte k", with which each block of ChaCha20 begins. */
  private static final int[] CONSTANTS = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

  private final byte[] key;
  private final byte[] nonce = new byte[8];
  private int counter = 1;

  private SecretStream(byte[] key, byte[] header) {
    this.key = hChaCha20(key, Arrays.copyOf(header, 16));
    System.arraycopy(header, 16, nonce, 0, nonce.length);
  }

  /** Encrypts a file; {@code header} is random, and never the same twice for one key. */
  static byte[] seal(byte[] file, byte[] key, byte[] header) {
    SecretStream stream = new SecretStream(key, header);
    int chunks = Math.max(1, (file.length + CHUNK - 1) / CHUNK);
    ByteArrayOutputStream out =
        new ByteArrayOutputStream(HEADER + file.length + chunks * (OVERHEAD + 2));
    out.writeBytes(header);
    for (int at = 0; at < chunks * CHUNK; at += CHUNK) {
      byte[] text = Arrays.copyOfRange(file, at, Math.min(at + CHUNK, file.length));
      byte[] chunk = stream.push(at + CHUNK >= file.length ? FINAL : MESSAGE, text);
      out.write(chunk.length - 1);
      out.write((chunk.length - 1) >> 8);
      out.writeBytes(chunk);
    }
    return out.toByteArray();
  }

  /** Decrypts a file. */
  static byte[] open(byte[] sealed, byte[] key) throws OtaFormatException {
    require(sealed.length > HEADER, "it is too short to be encrypted");
    ByteBuffer in = ByteBuffer.wrap(sealed, HEADER, sealed.length - HEADER);
    SecretStream stream = new SecretStream(key, sealed);
    ByteArrayOutputStream out = new ByteArrayOutputStream(sealed.length);
    while (stream.pull(chunk(in), out) != FINAL) {
      require(in.hasRemaining(), "it ends before its last chunk");
    }
    require(!in.hasRemaining(), "something follows its last chunk");
    return out.toByteArray();
  }

  private static byte[] chunk(ByteBuffer in) throws OtaFormatException {
    require(in.remaining() > 2, "it ends within a chunk");
    int length = Short.toUnsignedInt(in.order(ByteOrder.LITTLE_ENDIAN).getShort()) + 1;
    require(length >= OVERHEAD, "one of its chunks is too short");
    require(length <= in.remaining(), "it ends within a chunk");
    byte[] chunk = new byte[length];
    in.get(chunk);
    return chunk;
  }

  private byte[] push(byte tag, byte[] text) {
    byte[] plain = new byte[2 * BLOCK + text.length];
    plain[BLOCK] = tag;
    System.arraycopy(text, 0, plain, 2 * BLOCK, text.length);
    byte[] stream = chaCha20(key, nonce(), 0, plain);
    byte[] block = Arrays.copyOfRange(stream, BLOCK, 2 * BLOCK);
    byte[] cipher = Arrays.copyOfRange(stream, 2 * BLOCK, stream.length);
    byte[] mac = mac(Arrays.copyOf(stream, KEY), block, cipher);
    advance(mac);
    return ByteBuffer.allocate(text.length + OVERHEAD).put(block[0]).put(cipher).put(mac).array();
  }

  /** Appends what a chunk holds, and returns its tag. */
  private byte pull(byte[] chunk, ByteArrayOutputStream out) throws OtaFormatException {
    byte[] cipher = Arrays.copyOfRange(chunk, 1, chunk.length - TAG);
    byte[] mixed = new byte[2 * BLOCK + cipher.length];
    mixed[BLOCK] = chunk[0];
    System.arraycopy(cipher, 0, mixed, 2 * BLOCK, cipher.length);
    byte[] stream = chaCha20(key, nonce(), 0, mixed);
    byte[] block = Arrays.copyOfRange(stream, BLOCK, 2 * BLOCK);
    byte tag = block[0];
    block[0] = chunk[0];
    byte[] mac = mac(Arrays.copyOf(stream, KEY), block, cipher);
    boolean authentic =
        MessageDigest.isEqual(mac, Arrays.copyOfRange(chunk, chunk.length - TAG, chunk.length));
    require(authentic, "it is damaged, or encrypted with another key");
    require(tag == MESSAGE || tag == FINAL, "it has a chunk that otatool does not write");
    advance(mac);
    out.write(stream, 2 * BLOCK, cipher.length);
    return tag;
  }

  private byte[] nonce() {
    return ByteBuffer.allocate(12)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(counter)
        .put(nonce)
        .array();
  }

  /** The padding is libsodium's own: as long as the rest of the text, not what completes it. */
  private static byte[] mac(byte[] oneTimeKey, byte[] block, byte[] cipher) {
    int length = BLOCK + cipher.length + (cipher.length & 15);
    return Poly1305.tag(
        oneTimeKey,
        ByteBuffer.allocate(length + 16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(block)
            .put(cipher)
            .putLong(length, 0)
            .putLong(length + 8, BLOCK + cipher.length)
            .array());
  }

  private void advance(byte[] mac) {
    for (int i = 0; i < nonce.length; i++) {
      nonce[i] ^= mac[i];
    }
    counter++;
  }

  /** Taken from a block of ChaCha20, which is the same with its first state added at the end. */
  private static byte[] hChaCha20(byte[] key, byte[] input) {
    ByteBuffer first = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
    byte[] nonce = Arrays.copyOfRange(input, 4, 16);
    ByteBuffer block =
        ByteBuffer.wrap(chaCha20(key, nonce, first.getInt(0), new byte[BLOCK]))
            .order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer subkey = ByteBuffer.allocate(KEY).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 4; i++) {
      subkey.putInt(4 * i, block.getInt(4 * i) - CONSTANTS[i]);
      subkey.putInt(16 + 4 * i, block.getInt(48 + 4 * i) - first.getInt(4 * i));
    }
    return subkey.array();
  }

  /** Adds the stream of ChaCha20 (RFC 8439) to a text, from that block of 64 bytes on. */
  private static byte[] chaCha20(byte[] key, byte[] nonce, int block, byte[] text) {
    try {
      Cipher cipher = Cipher.getInstance("ChaCha20");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(key, "ChaCha20"),
          new ChaCha20ParameterSpec(nonce, block));
      return cipher.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java from 11 on has it
    }
  }

  /**
   * The one-time authenticator Poly1305 of RFC 8439. Its time depends on its input, which is
   * harmless here: nobody measures a gateway that seals a firmware image once.
   */
  static final class Poly1305 {
    private static final int BLOCK = 16;
    private static final BigInteger PRIME = BigInteger.TWO.pow(130).subtract(BigInteger.valueOf(5));
    private static final BigInteger CLAMP = new BigInteger("0ffffffc0ffffffc0ffffffc0fffffff", 16);

    private Poly1305() {}

    /** The 16 bytes that authenticate a message under a key of 32 bytes, which is used once. */
    static byte[] tag(byte[] key, byte[] message) {
      BigInteger r = number(Arrays.copyOf(key, BLOCK)).and(CLAMP);
      BigInteger sum = BigInteger.ZERO;
      for (int at = 0; at < message.length; at += BLOCK) {
        sum = sum.add(block(message, at)).multiply(r).mod(PRIME);
      }
      return bytes(sum.add(number(Arrays.copyOfRange(key, BLOCK, 2 * BLOCK))));
    }

    private static BigInteger block(byte[] message, int at) {
      int length = Math.min(BLOCK, message.length - at);
      byte[] block = Arrays.copyOfRange(message, at, at + length + 1);
      block[length] = 1;
      return number(block);
    }

    private static BigInteger number(byte[] littleEndian) {
      byte[] bigEndian = new byte[littleEndian.length];
      for (int i = 0; i < littleEndian.length; i++) {
        bigEndian[i] = littleEndian[littleEndian.length - 1 - i];
      }
      return new BigInteger(1, bigEndian);
    }

    private static byte[] bytes(BigInteger number) {
      byte[] bytes = new byte[BLOCK];
      for (int i = 0; i < BLOCK; i++) {
        bytes[i] = number.shiftRight(8 * i).byteValue();
      }
      return bytes;
    }
  }
}

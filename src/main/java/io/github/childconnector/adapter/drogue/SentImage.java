package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.DrogueSettings.BlockRules;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.operation.Sha256;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * An image as it is sent, with the padding behind it. It is sent for hours: so each block is
 * compared when it is read with what was there when the digest of the whole was right, and the
 * device is told to start nothing else.
 */
final class SentImage {
  /** Small enough to be hashed for each block, and so large that few digests are kept. */
  static final int PIECE = 16 << 10;

  private final FirmwareImage image;
  private final BlockRules blocks;
  private final List<Sha256> pieces;
  private final Sha256 digest;

  private SentImage(FirmwareImage image, BlockRules blocks, List<Sha256> pieces, Sha256 digest) {
    this.image = image;
    this.blocks = blocks;
    this.pieces = pieces;
    this.digest = digest;
  }

  /**
   * Reads all of an image, which must still be the one whose digest was compared.
   *
   * @throws IOException it is not, or cannot be read; says what to do
   */
  static SentImage open(FirmwareImage image, BlockRules blocks) throws IOException {
    MessageDigest whole = Sha256.begin();
    List<Sha256> pieces = new ArrayList<>();
    try (InputStream in = Files.newInputStream(image.path())) {
      for (byte[] piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
        whole.update(piece);
        pieces.add(Sha256.of(piece));
      }
    }
    if (!Sha256.soFar(whole).equals(image.digest())) {
      throw changed(image);
    }
    whole.update(blocks.padding((int) (blocks.sent(image.size()) - image.size())));
    return new SentImage(image, blocks, pieces, Sha256.of(whole));
  }

  private static IOException changed(FirmwareImage image) {
    return new IOException(
        "the image in "
            + image.path()
            + " was changed after its digest was compared; check the disk, and who writes there,"
            + " then send the update again");
  }

  /** The digest of all that is sent, padding and all: a device can hash no more than it got. */
  Sha256 digest() {
    return digest;
  }

  /**
   * Reads a block, which may reach into the padding.
   *
   * @throws IOException it is not what was compared, or cannot be read; says what to do
   */
  ByteBuffer read(long offset, int length) throws IOException {
    ByteBuffer block = ByteBuffer.wrap(blocks.padding(length));
    long end = Math.min(image.size(), offset + length);
    try (RandomAccessFile file = new RandomAccessFile(image.path().toFile(), "r")) {
      for (long at = offset; at < end; at = (at / PIECE + 1) * PIECE) {
        byte[] piece = piece(file, (int) (at / PIECE));
        int from = (int) (at % PIECE);
        block.put(piece, from, (int) Math.min(piece.length - from, end - at));
      }
    }
    return block.rewind();
  }

  private byte[] piece(RandomAccessFile file, int index) throws IOException {
    long start = (long) index * PIECE;
    byte[] piece = new byte[(int) Math.min(PIECE, image.size() - start)];
    try {
      file.seek(start);
      file.readFully(piece);
    } catch (EOFException e) {
      throw changed(image);
    }
    if (!Sha256.of(piece).equals(pieces.get(index))) {
      throw changed(image);
    }
    return piece;
  }
}

package io.github.childconnector.adapter.drogue;

import io.github.childconnector.image.FirmwareImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Parts of an image, and of the padding behind it. */
final class ImageBlocks implements AutoCloseable {
  private final RandomAccessFile file;
  private final long size;
  private final byte padding;

  ImageBlocks(FirmwareImage image, byte padding) throws IOException {
    this.file = new RandomAccessFile(image.path().toFile(), "r");
    this.size = image.size();
    this.padding = padding;
  }

  ByteBuffer read(long offset, int length) throws IOException {
    byte[] block = new byte[length];
    int inside = (int) Math.max(0, Math.min(length, size - offset));
    file.seek(offset);
    file.readFully(block, 0, inside);
    Arrays.fill(block, inside, length, padding);
    return ByteBuffer.wrap(block);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

package io.github.childconnector.adapter.drogue.device;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A part of NOR flash, kept in a file: erased it is FF, and writing only makes bits 0. */
final class Partition {
  private static final byte ERASED = (byte) 0xFF;

  private final Path file;
  private final int size;

  private Partition(Path file, int size) {
    this.file = file;
    this.size = size;
  }

  /** As it was left; erased if it is new. */
  static Partition open(Path file, int size) throws IOException {
    Partition partition = new Partition(file, size);
    if (!Files.exists(file)) {
      Files.write(file, partition.erased(size));
    }
    return partition;
  }

  int size() {
    return size;
  }

  byte[] read(int at, int length) throws IOException {
    try (RandomAccessFile flash = new RandomAccessFile(file.toFile(), "r")) {
      byte[] bytes = new byte[length];
      flash.seek(at);
      flash.readFully(bytes);
      return bytes;
    }
  }

  void write(int at, byte[] bytes) throws IOException {
    if (at + bytes.length > size) {
      throw new IOException("the flash ends at " + size);
    }
    byte[] old = read(at, bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if ((old[i] & bytes[i]) != bytes[i]) {
        throw new IOException("the flash is not erased at " + (at + i));
      }
    }
    put(at, bytes);
  }

  void erase(int at, int length) throws IOException {
    put(at, erased(length));
  }

  private void put(int at, byte[] bytes) throws IOException {
    try (RandomAccessFile flash = new RandomAccessFile(file.toFile(), "rw")) {
      flash.seek(at);
      flash.write(bytes);
    }
  }

  static boolean isErased(byte[] bytes) {
    for (byte each : bytes) {
      if (each != ERASED) {
        return false;
      }
    }
    return true;
  }

  private static byte[] filled(int length, byte with) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, with);
    return bytes;
  }

  private byte[] erased(int length) {
    return filled(length, ERASED);
  }
}

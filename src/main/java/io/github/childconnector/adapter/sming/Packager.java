package io.github.childconnector.adapter.sming;

import io.github.childconnector.adapter.sming.OtaFile.OtaFormatException;
import io.github.childconnector.adapter.sming.Packager.Packaging.Format;
import io.github.childconnector.adapter.sming.VersionRules.Release;
import io.github.childconnector.image.ChangedImageException;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Makes of an image the one message that devices take: the patch number, then the firmware. */
final class Packager {
  private final Packaging packaging;
  private final ImageRules rules;
  private final InstantSource dayClock;
  private final RandomGenerator random;

  /**
   * Packs by these rules.
   *
   * @param dayClock dates OTA upgrade files, as devices want it
   * @param random makes the headers of encrypted ones; must be unpredictable
   */
  Packager(Packaging packaging, ImageRules rules, InstantSource dayClock, RandomGenerator random) {
    this.packaging = packaging;
    this.rules = rules;
    this.dayClock = dayClock;
    this.random = random;
  }

  byte[] pack(Release release, FirmwareImage image) throws UpdateException {
    rules.requireSize(image);
    byte[] firmware = firmware(release, read(image));
    rules.requireMessage(firmware.length + 1L);
    return ByteBuffer.allocate(firmware.length + 1)
        .put((byte) release.wirePatch())
        .put(firmware)
        .array();
  }

  private static byte[] read(FirmwareImage image) throws UpdateException {
    try (InputStream bytes = image.open()) {
      return bytes.readAllBytes();
    } catch (IOException e) {
      throw ChangedImageException.failure(image, e);
    }
  }

  private byte[] firmware(Release release, byte[] image) throws UpdateException {
    return switch (packaging.format()) {
      case RAW -> {
        rules.requireRaw(ByteBuffer.wrap(image), release.topic());
        yield image;
      }
      case OTA, OTA_SIGNED -> encrypted(sealed(image));
      case OTA_FILE -> {
        requireOtaFile(image);
        yield image;
      }
    };
  }

  private byte[] sealed(byte[] image) throws UpdateException {
    OtaFile.Rom rom = new OtaFile.Rom(packaging.address(), ByteBuffer.wrap(image));
    rules.requireRom(rom.bytes());
    boolean signed = packaging.format() == Format.OTA_SIGNED;
    byte[] unsealed = OtaFile.unsealed(rom, dayClock.millis(), signed);
    return signed ? OtaFile.withSignature(unsealed, key()) : OtaFile.withMd5(unsealed);
  }

  private byte[] encrypted(byte[] file) throws UpdateException {
    if (!packaging.encrypted()) {
      return file;
    }
    byte[] header = new byte[SecretStream.HEADER];
    random.nextBytes(header);
    return SecretStream.seal(file, key().streamKey(), header);
  }

  private void requireOtaFile(byte[] image) throws UpdateException {
    try {
      byte[] file = packaging.encrypted() ? SecretStream.open(image, key().streamKey()) : image;
      OtaFile read = OtaFile.read(file);
      for (OtaFile.Rom rom : read.roms()) {
        rules.requireRom(rom.bytes());
      }
      if (read.signed() && packaging.key().isPresent() && !OtaFile.isSignedBy(key(), file)) {
        throw new OtaFormatException("it is signed with another key than the one in ota_key_file");
      }
    } catch (OtaFormatException e) {
      throw new UpdateException(
          FailureCode.INSTALL_FAILED,
          "The firmware is no OTA upgrade file that devices would take: %s. Upload the file that otatool has made, or correct format."
              .formatted(e.getMessage()),
          e);
    }
  }

  private OtaKey key() throws UpdateException {
    return OtaKey.read(packaging.key().orElseThrow());
  }

  /**
   * In what form devices want their firmware.
   *
   * @param format what surrounds the image
   * @param encrypted whether that is encrypted
   * @param key the file with the keys, where the form needs them
   * @param address where in the flash the image belongs, for the formats that say so
   */
  record Packaging(Format format, boolean encrypted, Optional<Path> key, int address) {

    /** The words of the setting {@code format}. */
    enum Format {
      /** The ROM image as it is, for ENABLE_OTA_ADVANCED=0. */
      RAW,
      /** An OTA upgrade file made here, with an MD5. */
      OTA,
      /** An OTA upgrade file made here, with a signature. */
      OTA_SIGNED,
      /** The firmware is an OTA upgrade file already. */
      OTA_FILE;

      String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
      }

      boolean isMadeHere() {
        return this == OTA || this == OTA_SIGNED;
      }
    }
  }
}

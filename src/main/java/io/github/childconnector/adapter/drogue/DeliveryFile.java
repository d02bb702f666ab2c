package io.github.childconnector.adapter.drogue;

import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.DurableFile;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.FirmwareUpdate;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file that remembers what was sent to one device, so that a connector that starts again can
 * tell whether what the device claims is true. It is written before anything is sent that it does
 * not cover; for long transfers it covers more than was sent, or each block would cost a write.
 */
final class DeliveryFile {
  private static final Logger LOG = System.getLogger(DeliveryFile.class.getName());
  private static final int LARGEST = 4096;
  private static final int LONGEST_NAME = 120;

  /** So much is covered ahead. */
  static final long LEAP = 64 << 10;

  private final Disk disk;
  private final Path file;
  private final DeliveryText text;
  private final long size;
  private Delivery kept;

  private DeliveryFile(Disk disk, Path file, DeliveryText text, long size) {
    this.disk = disk;
    this.file = file;
    this.text = text;
    this.size = size;
    this.kept = Delivery.NONE;
  }

  /**
   * What is known of the delivery to a device.
   *
   * @param size bytes that are to be sent
   */
  static DeliveryFile open(Disk disk, Path directory, FirmwareUpdate update, long size)
      throws IOException {
    Path file = directory.resolve(name(update.key().child()));
    DeliveryFile opened = new DeliveryFile(disk, file, new DeliveryText(update), size);
    disk.createDirectory(directory);
    opened.kept = opened.read();
    return opened;
  }

  /** For example {@code meter-1.delivery}; what a file's name may not hold is escaped. */
  private static String name(ChildId child) {
    String name = URLEncoder.encode(child.value(), StandardCharsets.UTF_8);
    String hash = "%08x".formatted(child.value().hashCode());
    boolean isLong = name.length() > LONGEST_NAME;
    return (isLong ? name.substring(0, LONGEST_NAME) + "." + hash : name) + ".delivery";
  }

  private Delivery read() throws IOException {
    if (!disk.exists(file)) {
      return Delivery.NONE;
    }
    try (InputStream in = disk.read(file)) {
      String content = new String(in.readNBytes(LARGEST), StandardCharsets.US_ASCII);
      Optional<Delivery> delivery = text.parse(content);
      if (delivery.isEmpty()) {
        LOG.log(Level.WARNING, "{0} is damaged; what the device has got is sent again", file);
      }
      return delivery.orElse(Delivery.UNKNOWN);
    }
  }

  /** What is known. */
  Delivery delivery() {
    return kept;
  }

  /** Returns when this, or more, would survive a power cut. */
  void keep(Delivery delivery) throws IOException {
    if (delivery.upTo(kept.delivered()).equals(kept)) {
      return;
    }
    Delivery ahead =
        delivery.isUnderWay()
            ? delivery.upTo(Math.min(size, delivery.delivered() + LEAP))
            : delivery;
    DurableFile.write(disk, file, text.write(ahead).getBytes(StandardCharsets.US_ASCII));
    kept = ahead;
  }

  /** Forgets it: the device runs the image. */
  void remove() throws IOException {
    disk.delete(file);
    kept = Delivery.NONE;
  }
}

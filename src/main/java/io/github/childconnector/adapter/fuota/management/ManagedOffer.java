package io.github.childconnector.adapter.fuota.management;

import io.github.childconnector.adapter.fuota.management.EspImage.Slot;
import io.github.childconnector.adapter.fuota.management.ManagedFirmware.Image;
import io.github.childconnector.adapter.fuota.management.ManagedFirmware.Row;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.image.ChangedImageException;
import io.github.childconnector.operation.Sha256;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An offer of management to one device: its image while the device polls with the version of its
 * row. As in an update, a device that has fetched all of it and polls with that version again gets
 * it three times, and not for ever.
 */
public final class ManagedOffer implements OfferedImage {
  private static final System.Logger LOG = System.getLogger(ManagedOffer.class.getName());

  private static final Image NOTHING = new Image(Path.of(""), Sha256.of(new byte[0]), 0);

  private final ManagedFirmware firmware;
  private final Row row;
  private final Slot slot;
  private volatile Image image = NOTHING;
  private final AtomicBoolean isTaken = new AtomicBoolean();
  private int refusals;
  private boolean isUnfitTold;

  ManagedOffer(ManagedFirmware firmware, Row row, Slot slot) {
    this.firmware = firmware;
    this.row = row;
    this.slot = slot;
  }

  @Override
  public Optional<String> poll(String version) {
    if (isTaken.getAndSet(false)) {
      judge(version);
    }
    Optional<Image> offered = firmware.image(row.file()).filter(this::isFitting);
    offered.ifPresent(each -> image = each);
    return version.equals(row.version()) && refusals < MAX_TRIES
        ? offered.map(each -> each.digest().hex())
        : Optional.empty();
  }

  /** Tells once what does not fit, when it is the device's turn to get it. */
  private boolean isFitting(Image each) {
    boolean isFitting = each.size() <= slot.size() && isForChip(each);
    if (!isFitting && !isUnfitTold) {
      isUnfitTold = true;
      LOG.log(
          Level.WARNING,
          "By management: {0} is not offered to {1}, which has {2} and a slot of {3} bytes (chip, slot_size)",
          row.file(),
          row.id(),
          slot.chip().word(),
          slot.size());
    }
    return isFitting;
  }

  private boolean isForChip(Image each) {
    try {
      return EspImage.isFor(slot.chip(), each.path());
    } catch (IOException e) {
      return false;
    }
  }

  private void judge(String version) {
    refusals += version.equals(row.version()) ? 1 : 0;
    String after = refusals == MAX_TRIES ? " and is offered it no more" : "";
    LOG.log(
        Level.WARNING,
        "By management: {0} has taken {1} and polls with version {2}{3}",
        row.id(),
        row.file(),
        version,
        after);
  }

  /** An update takes precedence: the row goes. */
  public void withdraw() {
    try {
      firmware.delete(row.id());
      LOG.log(
          Level.WARNING,
          "By management, {0} was to get {1}; an update of thin-edge takes its place",
          row.id(),
          row.file());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "The row of " + row.id() + " cannot be removed", e);
    }
  }

  @Override
  public Sha256 digest() {
    return image.digest();
  }

  @Override
  public void spoilt(IOException why) {
    LOG.log(
        Level.WARNING,
        "By management: {0} {1}, so {2} did not get it; put it again",
        row.file(),
        why instanceof ChangedImageException
            ? "was changed on the disk after it was put"
            : "cannot be read (" + FileTrouble.sentence(why) + ")",
        row.id());
  }

  @Override
  public Path path() {
    return image.path();
  }

  @Override
  public long size() {
    return image.size();
  }

  @Override
  public void begun() {
    LOG.log(Level.WARNING, "By management: {0} fetches {1}", row.id(), row.file());
  }

  @Override
  public void sent(long bytes) {}

  @Override
  public void taken() {
    isTaken.set(true);
  }
}

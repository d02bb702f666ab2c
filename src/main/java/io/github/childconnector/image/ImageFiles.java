package io.github.childconnector.image;

import io.github.childconnector.clock.Threads;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.disk.SizeText;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.regex.Pattern;

/**
 * The files of an image store: finds and compares them, knows which are in use and removes the
 * others, and says what is to be done where the disk gives out.
 */
final class ImageFiles {
  private static final System.Logger LOG = System.getLogger(ImageFiles.class.getName());

  /** Images that nobody needs are kept, because other children often get the same one soon. */
  private static final int KEPT_UNNEEDED = 2;

  private static final Pattern NAME =
      Pattern.compile("[0-9a-f]{64}|[0-9a-f]{64}(\\.url)?\\.part(\\.etag)?");

  /** The least that can be called room, in bytes. */
  private static final long SOME = 64 << 10;

  private final Path directory;
  private final DownloadSettings settings;
  private final Disk disk;
  private final Threads threads;

  /** The names of images, and of begun downloads, that are in use. */
  private final Set<String> fetching = new HashSet<>();

  /** The names of images in the order of their last use since this program started. */
  private final Set<String> used = new LinkedHashSet<>();

  /** Guards what is in use, while images are removed too. */
  private final Lock lock;

  /**
   * The files of a directory, created if it is not there.
   *
   * @throws UpdateException STORAGE_FAILED where it cannot be created
   */
  ImageFiles(Path directory, DownloadSettings settings, Disk disk, Threads threads)
      throws UpdateException {
    this.directory = directory;
    this.settings = settings;
    this.disk = disk;
    this.threads = threads;
    this.lock = threads.lock();
    try {
      disk.createDirectory(directory);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Opens what has come of an image so far. */
  PartFile open(Wanted wanted) throws IOException {
    // Somebody may have cleared it away; what was in it can be fetched again.
    disk.createDirectory(directory);
    return new PartFile(disk, directory, wanted, threads);
  }

  /** Does what {@link ImageSource#find} says. */
  Optional<FirmwareImage> find(Sha256 digest) throws IOException {
    Path file = directory.resolve(digest.hex());
    if (!disk.exists(file)) {
      return Optional.empty();
    }
    MessageDigest bytes = Sha256.begin();
    long size = hash(file, bytes);
    if (!Sha256.of(bytes).equals(digest)) {
      LOG.log(System.Logger.Level.WARNING, "The stored image {0} has changed and is removed", file);
      disk.delete(file);
      return Optional.empty();
    }
    noteUse(digest);
    return Optional.of(new FirmwareImage(file, digest, size));
  }

  private long hash(Path file, MessageDigest digest) throws IOException {
    try (InputStream content = disk.read(file)) {
      return Sha256.add(digest, content);
    }
  }

  /** Protects this image: until {@link #end}, nothing of it is removed. */
  void begin(Wanted wanted) {
    guarded(() -> fetching.add(wanted.name()));
  }

  void end(Wanted wanted) {
    guarded(() -> fetching.remove(wanted.name()));
  }

  /** Notes that the image with this digest is in use now. */
  void noteUse(Sha256 digest) {
    guarded(
        () -> {
          used.remove(digest.hex());
          used.add(digest.hex());
        });
  }

  private void guarded(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }

  /** Removes what has come of an image so far. */
  void discardPart(Wanted wanted) {
    delete(directory.resolve(wanted.name() + PartFile.SUFFIX));
    delete(directory.resolve(wanted.name() + PartFile.TAG_SUFFIX));
  }

  /** Does what {@link ImageSource#prune} says of the names of images and begun downloads. */
  void prune(Set<String> needed) {
    guarded(() -> removeUnneeded(needed));
  }

  private void removeUnneeded(Set<String> needed) {
    List<Path> stored = list();
    used.retainAll(stored.stream().map(ImageFiles::wanted).toList());
    List<Path> unneeded =
        stored.stream()
            .filter(file -> !needed.contains(wanted(file)) && !fetching.contains(wanted(file)))
            .toList();
    Set<String> recent = hasRoom() ? lastUsed(unneeded) : Set.of();
    unneeded.stream()
        .filter(file -> !isWhole(file) || !recent.contains(wanted(file)))
        .forEach(this::remove);
  }

  /** Whether there is room for the next image beside what nobody needs. */
  private boolean hasRoom() {
    try {
      return disk.usableSpace(directory) >= settings.minFree() + settings.maxSize();
    } catch (IOException e) {
      return false;
    }
  }

  private Set<String> lastUsed(List<Path> files) {
    List<String> images =
        files.stream().filter(ImageFiles::isWhole).map(ImageFiles::wanted).toList();
    // Those that were not used since the start come first, as the oldest.
    List<String> order = new ArrayList<>(images);
    order.removeAll(used);
    used.stream().filter(images::contains).forEach(order::add);
    return Set.copyOf(order.subList(Math.max(0, order.size() - KEPT_UNNEEDED), order.size()));
  }

  private void remove(Path file) {
    delete(file);
    used.remove(wanted(file));
  }

  private List<Path> list() {
    try {
      return disk.list(directory).stream()
          .filter(file -> NAME.matcher(name(file)).matches())
          .toList();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "The images in " + directory + " cannot be listed", e);
      return List.of();
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  /** The name that an image or a begun download is wanted by. */
  private static String wanted(Path file) {
    return name(file).replaceFirst("\\.part.*", "");
  }

  private static boolean isWhole(Path file) {
    return Sha256.isValid(name(file));
  }

  private void delete(Path file) {
    try {
      disk.delete(file);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "The file " + file + " cannot be removed", e);
    }
  }

  /** Ends a download that would leave less than {@code download.min_free} on the disk. */
  void requireRoom(ImageUrl url, long needed) throws UpdateException, IOException {
    long free = disk.usableSpace(directory);
    if (free - needed < settings.minFree()) {
      throw new UpdateException(
          FailureCode.DISK_FULL,
          "The image at %s needs %s in %s, where %s are free and download.min_free keeps %s; free some space there."
              .formatted(
                  url,
                  needed > 0 ? SizeText.of(needed) + " more" : "more room",
                  directory,
                  SizeText.of(free),
                  SizeText.of(settings.minFree())));
    }
  }

  /** Puts what the disk throws into words; an interrupt, which also closes files, is no failure. */
  UpdateException failure(IOException fault) throws InterruptedException {
    if (Thread.interrupted() || fault instanceof ClosedByInterruptException) {
      throw new InterruptedException();
    }
    return isFull(fault) ? full(fault) : failed(fault);
  }

  private UpdateException failed(IOException fault) {
    return new UpdateException(
        FailureCode.STORAGE_FAILED,
        "The images in %s cannot be read or written: %s. Check the disk and the permissions of that directory."
            .formatted(directory, FileTrouble.sentence(fault)),
        fault);
  }

  private UpdateException full(IOException fault) {
    String remedy =
        free() < Math.max(settings.minFree(), SOME)
            ? "free some space there"
            : "it has bytes left, so remove some files there (df -i)";
    return new UpdateException(
        FailureCode.DISK_FULL,
        "The disk that holds %s is full (%s), although download.min_free is to keep %s; %s."
            .formatted(
                directory, FileTrouble.sentence(fault), SizeText.of(settings.minFree()), remedy),
        fault);
  }

  /** The message is in the machine's language, so the disk is asked too. */
  private boolean isFull(IOException fault) {
    return String.valueOf(fault.getMessage()).matches("(?si).*(no space left|quota).*")
        || free() < settings.minFree();
  }

  private long free() {
    try {
      return disk.usableSpace(directory);
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }
}

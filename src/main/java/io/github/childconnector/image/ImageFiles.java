package io.github.childconnector.image;

import io.github.childconnector.disk.Disk;
import io.github.childconnector.operation.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of an image store: which of them are in use, and the removal of the others. */
final class ImageFiles {
  private static final System.Logger LOG = System.getLogger(ImageFiles.class.getName());

  /** Other children often get the same image some minutes later. */
  private static final int KEPT_UNNEEDED = 2;

  private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})(\\.part(?:\\.etag)?)?");

  private final Disk disk;
  private final Path directory;
  private final long room;
  private final Set<Sha256> fetching = new HashSet<>();

  /** Guards what is in use, while images are removed too. */
  private final Lock lock;

  /** The digests of images in the order of their last use since this program started. */
  private final Set<Sha256> used = new LinkedHashSet<>();

  /**
   * The files of a directory.
   *
   * @param room bytes that must be free for images to be kept that nobody needs
   * @param lock held by whoever changes what is in use, or removes files
   */
  ImageFiles(Disk disk, Path directory, long room, Lock lock) {
    this.disk = disk;
    this.directory = directory;
    this.room = room;
    this.lock = lock;
  }

  Path image(Sha256 digest) {
    return directory.resolve(digest.hex());
  }

  /** Protects this image: until {@link #end}, nothing of it is removed. */
  void begin(Sha256 digest) {
    guarded(() -> fetching.add(digest));
  }

  void end(Sha256 digest) {
    guarded(
        () -> {
          fetching.remove(digest);
          noteUse(digest);
        });
  }

  void use(Sha256 digest) {
    guarded(() -> noteUse(digest));
  }

  private void noteUse(Sha256 digest) {
    used.remove(digest);
    used.add(digest);
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
  void discardPart(Sha256 digest) {
    delete(directory.resolve(digest.hex() + PartFile.SUFFIX));
    delete(directory.resolve(digest.hex() + PartFile.TAG_SUFFIX));
  }

  /** Removes what is not needed, but for the images that were last in use. */
  void prune(Set<Sha256> needed) {
    guarded(() -> removeUnneeded(needed));
  }

  private void removeUnneeded(Set<Sha256> needed) {
    List<StoredFile> stored = list();
    used.retainAll(stored.stream().map(StoredFile::digest).toList());
    List<StoredFile> unneeded =
        stored.stream()
            .filter(file -> !needed.contains(file.digest) && !fetching.contains(file.digest))
            .toList();
    Set<Sha256> recent = hasRoom() ? lastUsed(unneeded) : Set.of();
    unneeded.stream()
        .filter(file -> !file.whole || !recent.contains(file.digest))
        .forEach(this::remove);
  }

  /** Whether there is room for the next image beside what nobody needs. */
  private boolean hasRoom() {
    try {
      return disk.usableSpace(directory) >= room;
    } catch (IOException e) {
      return false;
    }
  }

  private Set<Sha256> lastUsed(List<StoredFile> files) {
    List<Sha256> images = files.stream().filter(StoredFile::whole).map(StoredFile::digest).toList();
    // Those that were not used since the start come first, as the oldest.
    List<Sha256> order = new ArrayList<>(images);
    order.removeAll(used);
    used.stream().filter(images::contains).forEach(order::add);
    return Set.copyOf(order.subList(Math.max(0, order.size() - KEPT_UNNEEDED), order.size()));
  }

  private void remove(StoredFile file) {
    delete(file.path);
    used.remove(file.digest);
  }

  private List<StoredFile> list() {
    try {
      return disk.list(directory).stream().flatMap(path -> StoredFile.of(path).stream()).toList();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "The images in " + directory + " cannot be listed", e);
      return List.of();
    }
  }

  private void delete(Path file) {
    try {
      disk.delete(file);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "The file " + file + " cannot be removed", e);
    }
  }

  private record StoredFile(Path path, Sha256 digest, boolean whole) {
    private static Optional<StoredFile> of(Path path) {
      Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
      return name.matches()
          ? Optional.of(new StoredFile(path, new Sha256(name.group(1)), name.group(2) == null))
          : Optional.empty();
    }
  }
}

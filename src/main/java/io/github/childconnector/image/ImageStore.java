package io.github.childconnector.image;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.image.Tries.Fetch;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The verified images of a directory, and the way to get more of them. Each lies under its digest;
 * what is still on its way ends in {@code .part}:
 *
 * <pre>
 * 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
 * e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.part
 * e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.part.etag
 * </pre>
 *
 * <p>Threads may fetch different images at the same time. Memory does not depend on the size of an
 * image.
 */
public final class ImageStore implements ImageSource {
  private static final System.Logger LOG = System.getLogger(ImageStore.class.getName());

  private final Path directory;
  private final DownloadSettings settings;
  private final Disk disk;
  private final MonotonicClock clock;
  private final UrlRule rule;
  private final Answer.Source source;
  private final StorageFault storage;
  private final ImageFiles files;

  /**
   * Opens a directory, created if it is not there.
   *
   * @throws UpdateException STORAGE_FAILED where it cannot be created
   */
  public ImageStore(Path directory, DownloadSettings settings, Disk disk, MonotonicClock clock)
      throws UpdateException {
    this.directory = directory;
    this.settings = settings;
    this.disk = disk;
    this.clock = clock;
    this.rule = new UrlRule(settings);
    this.source = new HttpSource(settings, rule);
    this.storage = new StorageFault(disk, directory, settings.minFree());
    this.files =
        new ImageFiles(
            disk, directory, settings.minFree() + settings.maxSize(), clock.threads().lock());
    try {
      disk.createDirectory(directory);
    } catch (IOException e) {
      throw StorageFault.failed(directory, e);
    }
  }

  /** The same with another source, for tests without a network. */
  ImageStore(ImageStore like, Answer.Source source) {
    this.directory = like.directory;
    this.settings = like.settings;
    this.disk = like.disk;
    this.clock = like.clock;
    this.rule = like.rule;
    this.source = source;
    this.storage = like.storage;
    this.files = like.files;
  }

  @Override
  public void check(String url) throws UpdateException {
    ImageUrl unused = rule.check(url);
  }

  /**
   * Returns the stored image after comparing its digest again, or downloads it from {@code url}
   * within the bounds of the settings. No two threads may fetch one digest at the same time.
   *
   * @throws UpdateException URL_REFUSED, DOWNLOAD_REFUSED, DOWNLOAD_FAILED, DOWNLOAD_TIMEOUT,
   *     IMAGE_TOO_LARGE, DIGEST_MISMATCH, DISK_FULL or STORAGE_FAILED
   * @throws InterruptedException at once where the thread is interrupted; what has come so far is
   *     kept for the next fetch if the server can continue it
   */
  @Override
  public FirmwareImage fetch(Sha256 digest, String url, FetchProgress progress)
      throws UpdateException, InterruptedException {
    Fetch fetch = new Fetch(digest, rule.check(url), progress);
    files.begin(digest);
    try {
      Optional<FirmwareImage> stored = find(digest);
      return stored.isPresent() ? stored.get() : download(fetch);
    } finally {
      files.end(digest);
    }
  }

  private FirmwareImage download(Fetch fetch) throws UpdateException, InterruptedException {
    try {
      return transfer(fetch);
    } catch (UpdateException e) {
      if (!mayContinue(e)) {
        files.discardPart(fetch.digest());
      }
      throw e;
    }
  }

  private FirmwareImage transfer(Fetch fetch) throws UpdateException, InterruptedException {
    ImageUrl url = fetch.url();
    Tries tries = new Tries(fetch, settings, clock);
    SizeLimits limits = new SizeLimits(url, settings, disk, directory);
    try {
      // Somebody may have cleared it away; what was in it can be fetched again.
      disk.createDirectory(directory);
      try (PartFile part = new PartFile(disk, directory, fetch.digest(), clock.threads())) {
        return new Download(fetch, source, limits, tries).into(part);
      }
    } catch (IOException e) {
      throw storage.of(e);
    }
  }

  private static boolean mayContinue(UpdateException e) {
    FailureCode code = e.failure().code();
    return code == FailureCode.DOWNLOAD_FAILED || code == FailureCode.DOWNLOAD_TIMEOUT;
  }

  /**
   * The stored image, its digest compared again; one whose bytes have changed is removed.
   *
   * @throws UpdateException STORAGE_FAILED where the directory cannot be read
   */
  @Override
  public Optional<FirmwareImage> find(Sha256 digest) throws UpdateException, InterruptedException {
    Path file = files.image(digest);
    if (!disk.exists(file)) {
      return Optional.empty();
    }
    try {
      return verify(file, digest);
    } catch (IOException e) {
      throw storage.of(e);
    }
  }

  private Optional<FirmwareImage> verify(Path file, Sha256 digest) throws IOException {
    FileDigest bytes = new FileDigest();
    try (InputStream content = disk.read(file)) {
      bytes.addAll(content);
    }
    if (!bytes.value().equals(digest)) {
      LOG.log(System.Logger.Level.WARNING, "The stored image {0} has changed and is removed", file);
      disk.delete(file);
      return Optional.empty();
    }
    files.use(digest);
    return Optional.of(new FirmwareImage(file, digest, bytes.size()));
  }

  /**
   * Removes the images and the begun downloads that are neither {@code needed} nor being fetched,
   * but keeps the two of those images that were last in use, since other children often get the
   * same one some minutes later, as long as the disk has room for the largest image beside them.
   * What cannot be removed is logged.
   */
  @Override
  public void prune(Set<Sha256> needed) {
    files.prune(needed);
  }
}

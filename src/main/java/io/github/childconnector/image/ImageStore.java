package io.github.childconnector.image;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
 * <p>What comes without a digest that was promised lies under the SHA-256 of its address until it
 * is whole, with {@code .url.part} behind it.
 *
 * <p>Threads may fetch different images at the same time. Memory does not depend on the size of an
 * image.
 */
public final class ImageStore implements ImageSource {
  private static final Sha256 OF_NOTHING = Sha256.of(new byte[0]);

  private final ImageFiles files;
  private final DownloadSettings settings;
  private final Answer.Source source;
  private final MonotonicClock clock;
  private final UrlRule rule;
  private final UrlDownloads urls;

  /**
   * Opens a directory, created if it is not there.
   *
   * @throws UpdateException STORAGE_FAILED where it cannot be created
   */
  public ImageStore(Path directory, DownloadSettings settings, Disk disk, MonotonicClock clock)
      throws UpdateException {
    this(
        new ImageFiles(directory, settings, disk, clock.threads()),
        settings,
        new HttpSource(settings, clock.threads()),
        clock);
  }

  ImageStore(
      ImageFiles files, DownloadSettings settings, Answer.Source source, MonotonicClock clock) {
    this.files = files;
    this.settings = settings;
    this.source = source;
    this.clock = clock;
    this.rule = new UrlRule(settings);
    this.urls = new UrlDownloads(settings.deadline(), clock);
  }

  @Override
  public void check(String url) throws UpdateException {
    ImageUrl unused = rule.check(url);
  }

  @Override
  public FirmwareImage fetch(Sha256 digest, String url, FetchProgress progress)
      throws UpdateException, InterruptedException {
    ImageUrl allowed = rule.check(url);
    requireBytes(digest, allowed);
    Wanted wanted = Wanted.promised(digest);
    return fetch(wanted, wanted.digest(), new Tries(allowed, progress, settings, clock));
  }

  @Override
  public FirmwareImage fetch(String url, FetchProgress progress)
      throws UpdateException, InterruptedException {
    ImageUrl allowed = rule.check(url);
    Wanted wanted = Wanted.at(url);
    Optional<Sha256> brought = urls.begin(wanted);
    try {
      return fetch(wanted, brought, new Tries(allowed, progress, settings, clock));
    } finally {
      urls.end(wanted);
    }
  }

  private FirmwareImage fetch(Wanted wanted, Optional<Sha256> known, Tries tries)
      throws UpdateException, InterruptedException {
    files.begin(wanted);
    try {
      Optional<FirmwareImage> stored = known.isPresent() ? find(known.get()) : Optional.empty();
      return stored.isPresent() ? stored.get() : download(wanted, tries);
    } finally {
      files.end(wanted);
    }
  }

  @Override
  public Duration deadline() {
    return settings.deadline();
  }

  /** An upload that failed leaves an empty file in the cloud, whose digest is right. */
  private static void requireBytes(Sha256 digest, ImageUrl url) throws UpdateException {
    if (digest.equals(OF_NOTHING)) {
      throw new UpdateException(
          FailureCode.REQUEST_INVALID,
          "The request asks for an image of 0 bytes at %s: its SHA-256 is that of an empty file, which is no firmware. Upload the firmware again."
              .formatted(url));
    }
  }

  private FirmwareImage download(Wanted wanted, Tries tries)
      throws UpdateException, InterruptedException {
    try {
      return transfer(wanted, tries);
    } catch (UpdateException e) {
      if (!mayContinue(e)) {
        files.discardPart(wanted);
      }
      throw e;
    }
  }

  private FirmwareImage transfer(Wanted wanted, Tries tries)
      throws UpdateException, InterruptedException {
    try (PartFile part = files.open(wanted)) {
      new Download(tries, source, files, settings.maxSize()).into(part);
      if (!wanted.isPromised()) {
        // Before it has its name, under which nobody else may know yet that it is needed.
        urls.note(wanted, part.digest());
      }
      files.noteUse(part.digest());
      return part.publish();
    } catch (IOException e) {
      throw files.failure(e);
    }
  }

  private static boolean mayContinue(UpdateException e) {
    FailureCode code = e.failure().code();
    return code == FailureCode.DOWNLOAD_FAILED || code == FailureCode.DOWNLOAD_TIMEOUT;
  }

  @Override
  public Optional<FirmwareImage> find(Sha256 digest) throws UpdateException, InterruptedException {
    try {
      return files.find(digest);
    } catch (IOException e) {
      throw files.failure(e);
    }
  }

  @Override
  public void prune(Set<Sha256> digests, Set<String> addresses) {
    Set<Wanted> begun = addresses.stream().map(Wanted::at).collect(Collectors.toSet());
    Stream<Sha256> images = Stream.concat(digests.stream(), urls.retain(begun).stream());
    Set<String> needed = images.map(Sha256::hex).collect(Collectors.toSet());
    begun.forEach(wanted -> needed.add(wanted.name()));
    files.prune(needed);
  }
}

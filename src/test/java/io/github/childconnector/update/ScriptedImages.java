package io.github.childconnector.update;

import io.github.childconnector.image.FetchProgress;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.image.ImageSource;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One image, fetched the way its test says. */
final class ScriptedImages implements ImageSource {
  static final Duration DEADLINE = Duration.ofHours(1);

  final AtomicInteger fetches = new AtomicInteger();
  volatile boolean stored;
  volatile Optional<Set<Sha256>> needed = Optional.empty();
  volatile Fetch fetch = () -> {};
  volatile FetchOf fetching = digest -> {};
  volatile Runnable finding = () -> {};
  volatile Consumer<Set<Sha256>> pruning = stillNeeded -> {};
  private final FirmwareImage image =
      FirmwareImages.unread("firmware".getBytes(StandardCharsets.US_ASCII));

  interface Fetch {
    void run() throws UpdateException, InterruptedException;
  }

  interface FetchOf {
    void run(Sha256 digest) throws UpdateException, InterruptedException;
  }

  @Override
  public void check(String url) {}

  @Override
  public FirmwareImage fetch(Sha256 digest, String url, FetchProgress progress)
      throws UpdateException, InterruptedException {
    fetches.incrementAndGet();
    fetch.run();
    fetching.run(digest);
    stored = true;
    return image;
  }

  @Override
  public FirmwareImage fetch(String url, FetchProgress progress)
      throws UpdateException, InterruptedException {
    return fetch(image.digest(), url, progress);
  }

  @Override
  public Duration deadline() {
    return DEADLINE;
  }

  @Override
  public Optional<FirmwareImage> find(Sha256 digest) {
    finding.run();
    return stored ? Optional.of(image) : Optional.empty();
  }

  @Override
  public void prune(Set<Sha256> stillNeeded, Set<String> urls) {
    needed = Optional.of(stillNeeded);
    pruning.accept(stillNeeded);
  }
}

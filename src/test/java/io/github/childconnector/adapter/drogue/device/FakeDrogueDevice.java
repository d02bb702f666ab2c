package io.github.childconnector.adapter.drogue.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A device with two banks, embassy-boot and Drogue DFU, whose flash is a directory. It may be
 * switched off and on, and may lose its power at every step; see {@link Traits} and {@link
 * Firmware} for what it can be like.
 */
public final class FakeDrogueDevice implements AutoCloseable {
  private static final Duration END = Duration.ofSeconds(10);

  private final Path directory;
  private final Traits traits;
  private final List<String> boots = new CopyOnWriteArrayList<>();
  private CountedSteps steps = new CountedSteps(step -> {});
  private Optional<Thread> thread = Optional.empty();

  private FakeDrogueDevice(Path directory, Traits traits) {
    this.directory = directory;
    this.traits = traits;
  }

  /** A device whose flash is there, as it was left; erased where there is none. */
  public static FakeDrogueDevice in(Path directory, Traits traits) throws IOException {
    return new FakeDrogueDevice(Files.createDirectories(directory), traits);
  }

  /** Puts an image where it runs, as in the factory. */
  public FakeDrogueDevice with(byte[] image) throws IOException {
    Partition active = flash().active();
    active.erase(0, active.size());
    active.write(0, image);
    return this;
  }

  /** Who is told of its steps, from the first on. */
  public FakeDrogueDevice steps(Steps listener) {
    steps = new CountedSteps(listener);
    return this;
  }

  private Flash flash() throws IOException {
    return Flash.in(directory, traits.pages);
  }

  /** Starts it, with its server there. */
  public FakeDrogueDevice powerOn(Ways ways) {
    Thread life = new Thread(() -> live(ways), "drogue-device");
    life.setDaemon(true);
    thread = Optional.of(life);
    life.start();
    return this;
  }

  private void live(Ways ways) {
    try {
      liveHere(ways);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      // Switched off.
    }
  }

  /** The same in this thread; returns when nothing is left that could run. */
  public void liveHere(Ways ways) throws IOException, InterruptedException {
    new Life(new Life.Body(directory, traits, steps, boots), ways).run();
  }

  /** Ends it without a word. */
  public void powerOff() throws InterruptedException {
    if (thread.isPresent()) {
      thread.get().interrupt();
      thread.get().join(END.toMillis());
    }
  }

  /** The version in its active bank. */
  public String version() throws IOException {
    Partition active = flash().active();
    return Firmware.in(active.read(0, active.size())).map(Firmware::version).orElse("none");
  }

  /** Whether its active bank begins with this image. */
  public boolean holds(byte[] image) throws IOException {
    return Arrays.equals(flash().active().read(0, image.length), image);
  }

  /** Whether the next start keeps what it runs. */
  public boolean isConfirmed() throws IOException {
    return !new BootState(flash().state(), steps).is(BootState.SWAP);
  }

  /** What each start has brought up, for example {@code 2.0 on trial}, and what ended it early. */
  public List<String> boots() {
    return boots;
  }

  /** How often it was about to take a step of this kind. */
  public int count(String kind) {
    return steps.count(kind);
  }

  @Override
  public void close() {
    try {
      powerOff();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

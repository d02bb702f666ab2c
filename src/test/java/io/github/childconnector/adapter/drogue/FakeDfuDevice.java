package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.wire.DeviceVersion;
import io.github.childconnector.adapter.drogue.wire.DfuCommand;
import io.github.childconnector.adapter.drogue.wire.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/**
 * A device as the protocol sees it: it takes blocks in their order, starts what it has got, and
 * runs the version that is in the image. What it has got it forgets when it restarts.
 */
@NullMarked
public final class FakeDfuDevice implements AutoCloseable {
  private static final Pattern VERSION = Pattern.compile("firmware (.+?)firmware ", Pattern.DOTALL);
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** As real ones: whoever asks again too early gets two answers, and takes one for another. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** What is wrong with it. */
  public enum Flaw {
    /** It runs its old version again after it was to start another. */
    REVERTS,
    /** Its new firmware says another version. */
    LIES,
    /** It is restarted before the end of every transfer. */
    LOSES,
    /** It is restarted before the end of one transfer. */
    LOSES_ONCE,
    /** It does not start what it has got. */
    STAYS,
    /** It sleeps after it was told to start what it has got, until it is woken. */
    SLEEPS_AFTER_SWAP
  }

  private final Wire wire;
  private final Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final CountDownLatch off = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "device");
  private final ByteArrayOutputStream bank = new ByteArrayOutputStream();
  private volatile String version = "1.0";
  private volatile long mtu = 2000;
  private volatile int stop = Integer.MAX_VALUE;
  private Optional<DeviceVersion> next = Optional.empty();

  public FakeDfuDevice(Wire wire) {
    this.wire = wire;
  }

  public FakeDfuDevice with(Flaw flaw) {
    flaws.add(flaw);
    return this;
  }

  /** How many bytes it takes at a time. */
  public FakeDfuDevice taking(long bytes) {
    mtu = bytes;
    return this;
  }

  /** It falls asleep when it has got so many bytes, until it is woken. */
  public FakeDfuDevice sleepingAt(int bytes) {
    stop = bytes;
    return this;
  }

  public FakeDfuDevice on() {
    thread.setDaemon(true);
    thread.start();
    return this;
  }

  public void wake() {
    synchronized (log) {
      stop = Integer.MAX_VALUE;
      log.notifyAll();
    }
  }

  public String version() {
    return version;
  }

  /** What it was told, as {@code sync 1.0}, {@code write 0}, {@code swap}. */
  public List<String> log() {
    return List.copyOf(log);
  }

  /** How often it was told this. */
  public long count(String told) {
    return log.stream().filter(told::equals).count();
  }

  private void run() {
    try {
      while (off.getCount() > 0) {
        awaitWake();
        Optional<byte[]> command = wire.exchange(CborDevice.write(status()), PATIENCE);
        if (command.isPresent()) {
          take(CborDevice.read(command.get()));
        } else {
          awaitOff();
        }
      }
    } catch (InterruptedException e) {
      log.add("switched off");
    } catch (IOException | RuntimeException e) {
      log.add("crashed: " + e);
    }
  }

  private void awaitOff() throws InterruptedException {
    awaitOff(PAUSE);
  }

  private void awaitOff(Duration pause) throws InterruptedException {
    if (off.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new InterruptedException();
    }
  }

  private void awaitWake() throws InterruptedException {
    synchronized (log) {
      while (bank.size() >= stop) {
        log.wait();
      }
    }
  }

  private Status status() {
    Optional<Status.Received> update = next.map(target -> new Status.Received(target, bank.size()));
    return new Status(DeviceVersion.of(version), Optional.of(mtu), Optional.empty(), update);
  }

  private void take(DfuCommand command) throws InterruptedException {
    if (command instanceof DfuCommand.Write write) {
      write(write);
    } else if (command instanceof DfuCommand.Swap) {
      swap();
      log.add("swap");
    } else if (command instanceof DfuCommand.Sync sync) {
      log.add("sync " + sync.version());
      awaitOff(sync.poll().map(Duration::ofSeconds).orElse(PAUSE));
    }
  }

  private void write(DfuCommand.Write write) {
    log.add("write " + write.offset());
    if (write.offset() == 0) {
      bank.reset();
      next = Optional.of(write.version());
    }
    if (write.offset() != bank.size()) {
      throw new IllegalStateException("WrongOffset " + write.offset() + ", not " + bank.size());
    }
    bank.writeBytes(DfuCommand.array(write.data()));
    boolean isFlawed = flaws.contains(Flaw.LOSES) || flaws.contains(Flaw.LOSES_ONCE);
    if (isFlawed && bank.size() > 4000) {
      flaws.remove(Flaw.LOSES_ONCE);
      restart();
    }
  }

  private void restart() {
    bank.reset();
    next = Optional.empty();
  }

  private void swap() {
    if (flaws.contains(Flaw.STAYS)) {
      return;
    }
    Matcher image = VERSION.matcher(bank.toString(StandardCharsets.UTF_8));
    if (image.lookingAt() && !flaws.contains(Flaw.REVERTS)) {
      version = flaws.contains(Flaw.LIES) ? "dirty" : image.group(1);
    }
    stop = flaws.contains(Flaw.SLEEPS_AFTER_SWAP) ? 0 : stop;
    restart();
  }

  @Override
  public void close() {
    off.countDown();
    thread.interrupt();
    wire.close();
  }
}

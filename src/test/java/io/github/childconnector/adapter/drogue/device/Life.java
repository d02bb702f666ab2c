package io.github.childconnector.adapter.drogue.device;

import io.github.childconnector.adapter.drogue.device.FirmwareManager.Panic;
import io.github.childconnector.adapter.drogue.device.Traits.Flaw;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A device from the moment it is switched on. Resets and cuts of its power do not end it. */
final class Life implements Updater.Talk {
  private static final Duration RETRY = Duration.ofMillis(50);
  private static final Duration STARTING = Duration.ofMillis(5);

  private final Path directory;
  private final Traits traits;
  private final Ways ways;
  private final CountedSteps steps;
  private final List<String> boots;
  private final Wire wire;
  private Optional<Way> way = Optional.empty();
  private Firmware.Conduct conduct = Firmware.Conduct.RUNS;
  private int asked;

  /** What of a device outlasts its power. */
  record Body(Path directory, Traits traits, CountedSteps steps, List<String> boots) {}

  Life(Body body, Ways ways) {
    this.directory = body.directory();
    this.traits = body.traits();
    this.steps = body.steps();
    this.boots = body.boots();
    this.ways = ways;
    this.wire =
        ways.isPostcard()
            ? new PostcardWire()
            : new CborWire(traits.isNamed, traits.has(Flaw.SPEAKS_README));
  }

  /** Returns when nothing is left that could run, and at an interrupt. */
  void run() throws IOException, InterruptedException {
    try {
      boolean alive = true;
      while (alive) {
        alive = fromResetToReset();
        hangUp();
        pause(STARTING);
      }
    } finally {
      hangUp();
    }
  }

  private boolean fromResetToReset() throws IOException, InterruptedException {
    try {
      return boot();
    } catch (Panic | Steps.PowerCut e) {
      boots.add(e.getClass().getSimpleName() + " " + e.getMessage());
      return true;
    }
  }

  /** Whatever is not in the flash begins anew. */
  private boolean boot() throws IOException, InterruptedException {
    Flash flash = Flash.in(directory, traits.pages);
    BootState state = new BootState(flash.state(), steps);
    Board board = new Board(flash, state, traits, steps);
    new BootLoader(flash, state, steps).prepare();
    Optional<Firmware> firmware = Firmware.in(flash.active().read(0, flash.active().size()));
    boolean isTrial = state.is(BootState.SWAP);
    boots.add(firmware.map(Firmware::version).orElse("crash") + (isTrial ? " on trial" : ""));
    if (firmware.isPresent()) {
      conduct = firmware.get().conduct();
      FirmwareManager manager = new FirmwareManager(board, this::pause);
      new Updater(firmware.get().version(), manager, board, this).run();
    }
    return firmware.isPresent() || isTrial;
  }

  @Override
  public Order ask(Say say) throws IOException, InterruptedException {
    Optional<Order> order = Optional.empty();
    byte[] status = wire.write(dress(say));
    while (order.isEmpty()) {
      steps.before("status");
      order = tryToAsk(status);
      if (order.isEmpty()) {
        pause(traits.backoff.plus(RETRY));
      }
    }
    return order.get();
  }

  private Say dress(Say say) {
    int mtu = traits.mtus.get(asked++ % traits.mtus.size());
    Optional<Integer> id =
        traits.has(Flaw.SENDS_CORRELATION_IDS) ? Optional.of(asked) : Optional.empty();
    return new Say(say.version(), mtu, id, say.have());
  }

  /** Empty if there was no answer, or none that can be read. */
  private Optional<Order> tryToAsk(byte[] status) throws InterruptedException {
    try {
      Optional<byte[]> answer = exchange(status);
      return answer.isPresent() ? Optional.of(wire.read(answer.get())) : Optional.empty();
    } catch (IOException e) {
      hangUp();
      return Optional.empty();
    }
  }

  private Optional<byte[]> exchange(byte[] status) throws IOException, InterruptedException {
    if (way.isEmpty()) {
      way = Optional.of(ways.dial());
    }
    if (!traits.has(Flaw.TAKES_LATE_ANSWERS)) {
      way.get().drain();
    }
    way.get().send(status);
    if (traits.has(Flaw.SAYS_TWICE)) {
      way.get().send(status);
    }
    Optional<byte[]> answer = way.get().receive(traits.timeout);
    if (conduct == Firmware.Conduct.CRASHES_ONCE_IT_SPOKE) {
      throw new Panic("of the firmware");
    }
    if (traits.has(Flaw.SLEEPS)) {
      hangUp();
    }
    return answer;
  }

  private void hangUp() {
    try {
      if (way.isPresent()) {
        way.get().close();
      }
    } catch (IOException e) {
      // As good as closed.
    }
    way = Optional.empty();
  }

  @Override
  public void pause(Duration time) throws InterruptedException {
    if (traits.has(Flaw.SLEEPS)) {
      hangUp();
    }
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }
}

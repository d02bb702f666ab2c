package io.github.childconnector.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceAdapter.Commitment;
import io.github.childconnector.adapter.DeviceAdapter.Rollback;
import io.github.childconnector.adapter.DeviceAdapter.VersionReader;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.SilentProgress;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.operation.FirmwareUpdate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each call of an adapter has its bound, and is interrupted by nobody else's. */
class DeviceCallsTest {
  private static final Duration INSTALL = Duration.ofMinutes(30);
  private static final Duration VERSION = Duration.ofSeconds(7);
  private static final Duration MOMENT = Duration.ofMillis(1);
  private static final FirmwareUpdate UPDATE = Engine.update(Engine.key("op"), "2.0");
  private static final Progress UNHEARD = new SilentProgress();

  @TempDir Path directory;
  private final FakeClock clock = FakeClock.standing();
  private Installation installation;

  /** How long a call of the adapter takes. */
  private Duration took = Duration.ZERO;

  private boolean endsAtInterrupt = true;

  /** Every call lasts as long as its test says. */
  private final class SlowAdapter implements DeviceAdapter {
    @Override
    public void install(Installation what, Progress progress) throws InterruptedException {
      last();
    }

    @Override
    public Optional<VersionReader> versionReader() {
      return Optional.of(
          update -> {
            last();
            return "1.0";
          });
    }

    @Override
    public Optional<Commitment> commitment() {
      return Optional.of((update, progress) -> last());
    }

    @Override
    public Optional<Rollback> rollback() {
      return Optional.of(
          (update, progress) -> {
            last();
            return Rollback.Result.RESTORED;
          });
    }

    @Override
    public void endLeftovers(FirmwareUpdate update) throws InterruptedException {
      last();
    }
  }

  private void last() throws InterruptedException {
    clock.advance(took);
    if (endsAtInterrupt && Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  @BeforeEach
  void makeAnImage() throws IOException {
    Path file = Files.writeString(directory.resolve("image"), "firmware");
    installation = new Installation(UPDATE, FirmwareImages.verified(file));
  }

  @AfterEach
  void isFreeOfInterrupts() {
    assertThat(Thread.interrupted()).isFalse();
  }

  private DeviceCalls calls(DeviceAdapter adapter) {
    return new DeviceCalls(
        new Child(Engine.PLC, adapter, Optional.empty(), INSTALL, Duration.ofHours(9), VERSION),
        clock);
  }

  private void isBounded(Duration limit, ThrowingCallable call) {
    took = limit.minus(MOMENT);
    assertThatCode(call).doesNotThrowAnyException();
    took = limit;
    assertThatThrownBy(call).isInstanceOf(TimeoutException.class);
    took = Duration.ZERO;
    assertThatCode(call).doesNotThrowAnyException();
  }

  @Test
  void everyCallHasItsOwnLimit() {
    DeviceCalls calls = calls(new SlowAdapter());
    isBounded(INSTALL, () -> calls.install(installation, UNHEARD, INSTALL));
    isBounded(VERSION, () -> calls.readVersion(UPDATE));
    isBounded(INSTALL, () -> calls.commit(UPDATE, UNHEARD, INSTALL));
    isBounded(INSTALL, () -> calls.restore(UPDATE, UNHEARD));
    isBounded(INSTALL, () -> calls.endLeftovers(UPDATE));
  }

  @Test
  void aCallThatWasTooSlowIsDescribed() throws Exception {
    DeviceCalls calls = calls(new SlowAdapter());
    took = VERSION;
    assertThat(calls.ask(UPDATE))
        .contains(
            new DeviceCalls.Reading(
                false, "Reading the version took longer than version_timeout (7s)."));
    took = INSTALL;
    assertThatThrownBy(() -> calls.endLeftovers(UPDATE))
        .hasMessage("It took longer than 30m and was stopped.");
  }

  @Test
  void theInterruptOfAStopIsNoLimit() {
    DeviceCalls calls = calls(new SlowAdapter());
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> calls.readVersion(UPDATE)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void aCallThatEndsInSpiteOfTheInterruptHasEnded() throws Exception {
    DeviceCalls calls = calls(new SlowAdapter());
    took = VERSION;
    endsAtInterrupt = false;
    assertThat(calls.readVersion(UPDATE)).contains("1.0");
  }

  @Test
  void whatAnAdapterCannotDoIsLeftOut() throws Exception {
    DeviceCalls calls = calls((what, progress) -> {});
    assertThat(calls.canSee()).isFalse();
    assertThat(calls.readVersion(UPDATE)).isEmpty();
    assertThat(calls.restore(UPDATE, UNHEARD)).isEmpty();
    assertThatCode(() -> calls.commit(UPDATE, UNHEARD, INSTALL)).doesNotThrowAnyException();
    assertThat(calls(new SlowAdapter()).canSee()).isTrue();
  }
}

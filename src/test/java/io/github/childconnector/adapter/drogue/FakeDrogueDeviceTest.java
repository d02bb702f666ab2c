package io.github.childconnector.adapter.drogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.drogue.device.FakeDrogueDevice;
import io.github.childconnector.adapter.drogue.device.Firmware;
import io.github.childconnector.adapter.drogue.device.Steps;
import io.github.childconnector.adapter.drogue.device.Traits;
import io.github.childconnector.adapter.drogue.device.Traits.Flaw;
import io.github.childconnector.adapter.drogue.device.Way;
import io.github.childconnector.adapter.drogue.device.Ways;
import io.github.childconnector.adapter.drogue.wire.CborCodec;
import io.github.childconnector.adapter.drogue.wire.Codec.FormatException;
import io.github.childconnector.adapter.drogue.wire.DfuCommand;
import io.github.childconnector.adapter.drogue.wire.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The simulated device behaves as the real ones do, with the server they were made for. */
@IntegrationTest
class FakeDrogueDeviceTest {
  private static final byte[] OLD = Firmware.image("1.0", 1000);
  private static final byte[] NEW = Firmware.image("2.0", 1800);
  private static final byte[] OTHER = Firmware.image("3.0", 1800);
  private static final byte[] CRASHING =
      Firmware.image(new Firmware("2.0", Firmware.Conduct.CRASHES), 1800);

  @TempDir Path directory;

  /** Once it is in sync it says nothing more, however late the test looks. */
  private Traits traits = new Traits().pages(4).poll(Duration.ofHours(1));

  private final List<FakeDrogueDevice> devices = new ArrayList<>();

  @AfterEach
  void powerOff() {
    devices.forEach(FakeDrogueDevice::close);
  }

  private FakeDrogueDevice device() throws IOException {
    Path own = directory.resolve("device" + devices.size());
    FakeDrogueDevice device = FakeDrogueDevice.in(own, traits).with(OLD);
    devices.add(device);
    return device;
  }

  private static ScriptedAjour ajour(byte[] image) {
    return new ScriptedAjour(new CborCodec(), "2.0", image);
  }

  /** No network between them. */
  private static Ways to(Dialogue server) {
    return () -> new LocalWay(server);
  }

  private static final class LocalWay implements Way {
    private final Dialogue server;
    private Optional<byte[]> answer = Optional.empty();

    private LocalWay(Dialogue server) {
      this.server = server;
    }

    @Override
    public void send(byte[] status) throws IOException {
      try {
        answer = Optional.of(server.answer(status));
      } catch (FormatException | InterruptedException e) {
        throw new IOException(e);
      }
    }

    @Override
    public Optional<byte[]> receive(Duration limit) {
      return answer;
    }

    @Override
    public void drain() {}

    @Override
    public void close() {}
  }

  private static void await20(String what, Callable<Boolean> condition) {
    await(what).pollInterval(Duration.ofMillis(5)).pollDelay(Duration.ZERO).until(condition);
  }

  private static void awaitSynced(FakeDrogueDevice device, int times) {
    await20("sync", () -> device.count("synced") >= times);
  }

  @Test
  void anUpdateRunsOnTrialUntilItIsSynced() throws Exception {
    FakeDrogueDevice device = device().powerOn(to(ajour(NEW)));
    awaitSynced(device, 1);
    assertThat(device.boots()).containsExactly("1.0", "2.0 on trial");
    assertThat(device.holds(NEW)).isTrue();
    assertThat(device.isConfirmed()).isTrue();
    device.powerOff();
    device.powerOn(to(ajour(NEW)));
    await20("third start", () -> device.boots().size() == 3);
    assertThat(device.boots().get(2)).isEqualTo("2.0");
  }

  @Test
  void anImageThatCrashesIsReverted() throws Exception {
    FakeDrogueDevice device = device().powerOn(to(ajour(CRASHING).swapping(1)));
    awaitSynced(device, 1);
    assertThat(device.boots()).containsExactly("1.0", "crash on trial", "1.0");
    assertThat(device.holds(OLD)).isTrue();
  }

  @Test
  void anImageThatCrashesBeforeItsSyncIsReverted() throws Exception {
    byte[] image =
        Firmware.image(new Firmware("2.0", Firmware.Conduct.CRASHES_ONCE_IT_SPOKE), 1800);
    ScriptedAjour ajour = ajour(image).swapping(1);
    FakeDrogueDevice device = device().powerOn(to(ajour));
    awaitSynced(device, 1);
    assertThat(device.boots())
        .containsExactly("1.0", "2.0 on trial", "Panic of the firmware", "1.0");
    assertThat(ajour.heard()).anyMatch(status -> status.version().text().equals("2.0"));
  }

  @Test
  void aVersionIsWhatTheImageSays() throws Exception {
    byte[] lying = Firmware.image("9.9", 1800);
    FakeDrogueDevice device = device().powerOn(to(ajour(lying).swapping(1)));
    awaitSynced(device, 1);
    assertThat(device.version()).isEqualTo("9.9");
  }

  /** Each step comes once, because they are numbered. */
  private static Steps cutAt(String step) {
    return reached -> {
      if (reached.equals(step)) {
        throw new Steps.PowerCut(step);
      }
    };
  }

  private List<String> stepsOf(byte[] image) throws Exception {
    List<String> steps = Collections.synchronizedList(new ArrayList<>());
    FakeDrogueDevice device = device().steps(steps::add).powerOn(to(ajour(image).swapping(1)));
    awaitSynced(device, 1);
    device.powerOff();
    return List.copyOf(steps);
  }

  @Test
  void itSurvivesACutAtEachStepOfAnUpdate() throws Exception {
    List<String> steps = stepsOf(NEW);
    assertThat(steps).contains("erase#5", "written#4", "state#3", "progress#8", "sync#1");
    for (String step : steps) {
      FakeDrogueDevice device = device().steps(cutAt(step)).powerOn(to(ajour(NEW)));
      awaitSynced(device, step.startsWith("synced") ? 2 : 1);
      device.powerOff();
      assertThat(device.holds(NEW)).as(step).isTrue();
      assertThat(device.isConfirmed()).as(step).isTrue();
      assertThat(device.boots()).as(step).contains("PowerCut " + step).doesNotContain("crash");
    }
  }

  @Test
  void itSurvivesACutAtEachStepOfARevert() throws Exception {
    List<String> steps = stepsOf(CRASHING);
    assertThat(steps).contains("progress#16", "boot#3");
    for (String step : steps.subList(steps.indexOf("boot#2"), steps.size())) {
      ScriptedAjour ajour = ajour(CRASHING).swapping(1);
      FakeDrogueDevice device = device().steps(cutAt(step)).powerOn(to(ajour));
      awaitSynced(device, 1);
      device.powerOff();
      assertThat(device.holds(OLD)).as(step).isTrue();
      assertThat(device.isConfirmed()).as(step).isTrue();
      assertThat(device.boots()).as(step).contains("PowerCut " + step).doesNotContain("crash");
    }
  }

  @Test
  void aResetLosesWhatItHasReceived() throws Exception {
    ScriptedAjour ajour = ajour(NEW);
    FakeDrogueDevice device = device().steps(cutAt("write#3")).powerOn(to(ajour));
    awaitSynced(device, 1);
    assertThat(ajour.heard()).filteredOn(status -> status.update().isEmpty()).hasSize(3);
  }

  /** The next offset counts what was received of another version. */
  @Test
  void anUpdaterMayKeepItsOffset() throws Exception {
    traits = traits.mtu(256).with(Flaw.UPDATER_KEEPS_OFFSET);
    assertThat(firstClaimOfAnotherVersion()).isEqualTo(512 + 256);
  }

  /** The flash refuses offset 0, and the device claims the other version's offset for this one. */
  @Test
  void aManagerMayKeepItsOffset() throws Exception {
    traits = traits.mtu(256).with(Flaw.MANAGER_KEEPS_OFFSET, Flaw.UPDATER_KEEPS_OFFSET);
    assertThat(firstClaimOfAnotherVersion()).isEqualTo(512);
  }

  @Test
  void anImageWithAHoleCrashes() throws Exception {
    traits = traits.mtu(256).with(Flaw.MANAGER_KEEPS_OFFSET, Flaw.UPDATER_KEEPS_OFFSET);
    firstClaimOfAnotherVersion();
    FakeDrogueDevice device = devices.get(0);
    await20("crash", () -> device.boots().contains("crash on trial"));
  }

  @Test
  void aGoodDeviceBeginsAnew() throws Exception {
    traits = traits.mtu(256);
    assertThat(firstClaimOfAnotherVersion()).isEqualTo(256);
  }

  private long firstClaimOfAnotherVersion() throws Exception {
    ScriptedAjour ajour = ajour(NEW).swapping(1);
    FakeDrogueDevice device =
        device()
            .steps(
                step -> {
                  if (step.equals("status#3")) {
                    ajour.turnTo("3.0", OTHER);
                  }
                })
            .powerOn(to(ajour));
    await20("claim", () -> !claims(ajour).isEmpty());
    assertThat(device.count("start")).isGreaterThanOrEqualTo(2);
    return claims(ajour).get(0);
  }

  private static List<Long> claims(ScriptedAjour ajour) {
    return ajour.heard().stream()
        .flatMap(status -> status.update().stream())
        .filter(update -> update.version().text().equals("3.0"))
        .map(Status.Received::offset)
        .toList();
  }

  @Test
  void theFormOfTheReadmeIsSpoken() throws Exception {
    traits = traits.with(Flaw.SPEAKS_README);
    ScriptedAjour ajour = ajour(NEW);
    FakeDrogueDevice device = device().powerOn(to(ajour));
    awaitSynced(device, 1);
    assertThat(ajour.heard()).anyMatch(status -> status.update().isPresent());
  }

  @Test
  void aLongVersionIsAPanicAndAnUnalignedEndIsNeverTaken() throws Exception {
    ScriptedAjour ajour = new ScriptedAjour(new CborCodec(), "12345678901234567", NEW);
    FakeDrogueDevice device = device().powerOn(to(ajour));
    await20("panic", () -> device.boots().contains("Panic the version is longer than 16"));
    ScriptedAjour odd = ajour(Firmware.image("2.0", 1001));
    device().powerOn(to(odd));
    await20("tries", () -> odd.said().size() > 20);
    assertThat(odd.said()).noneMatch(DfuCommand.Swap.class::isInstance);
  }

  @Test
  void mtusAndNumbersAreSaid() throws Exception {
    traits = traits.mtu(256, 128).named().with(Flaw.SENDS_CORRELATION_IDS);
    ScriptedAjour ajour = ajour(NEW);
    awaitSynced(device().powerOn(to(ajour)), 1);
    assertThat(ajour.heard().subList(0, 2))
        .extracting(status -> status.mtu().orElseThrow())
        .containsExactly(256L, 128L);
    assertThat(ajour.heard().get(1).correlationId()).contains(2L);
  }
}

package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.CONFIRM_TIMEOUT;
import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.DeviceAdapter.Rollback;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.operation.VersionText;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every stage of one operation, and what success, error, hang and death in it lead to. */
class UpdateFlowTest extends EngineCase {
  UpdateFlowTest(long seed) {
    super(seed);
  }

  private interface Script {
    void prepare(Engine engine) throws IOException;
  }

  /**
   * A case.
   *
   * @param said what was reported, repeated executing once
   * @param reason what the reason ends with
   */
  private record Case(
      String name, Script script, List<String> said, int installs, int rollbacks, String reason) {}

  private static Case successful(String name, int installs, Script script) {
    return new Case(name, script, List.of("executing", "successful"), installs, 0, "");
  }

  private static Case failed(String name, String code, String reason, Script script) {
    return new Case(name, script, List.of("executing", "failed " + code), 1, 0, reason);
  }

  private Case restored(String name, String code, String reason, Script script) {
    return new Case(name, script, List.of("executing", "failed " + code), 1, 1, reason);
  }

  private static UpdateException failure(FailureCode code, String sentence) {
    return new UpdateException(new Failure(code, sentence));
  }

  private static Script refuseInstall(Script more) {
    return engine -> {
      engine.device.install =
          installation -> {
            throw failure(FailureCode.INSTALL_FAILED, "It broke.");
          };
      more.prepare(engine);
    };
  }

  private Stream<Case> running() {
    return Stream.of(
        successful("the device runs the new version at once", 1, engine -> {}),
        successful("the device runs it already", 0, engine -> engine.device.version = "2.0"),
        successful("the adapter cannot see versions", 1, engine -> engine.device.canRead = false),
        successful(
            "the device cannot be read before",
            1,
            engine -> {
              engine.device.read =
                  () -> {
                    if (engine.device.installs.get() == 0) {
                      throw ScriptedAdapter.unreadable();
                    }
                    return engine.device.version;
                  };
            }),
        successful(
            "the device comes up late",
            1,
            engine -> engine.device.read = () -> engine.device.reads.get() < 20 ? "1.0" : "2.0"),
        successful(
            "the device answers too late, unimpressed by the interrupt",
            1,
            engine ->
                engine.device.read =
                    () -> {
                      if (engine.device.reads.get() == 2) {
                        engine.scheduler.advance(CONFIRM_TIMEOUT.dividedBy(2));
                        return "1.0";
                      }
                      return engine.device.version;
                    }),
        successful(
            "the device is busy for a while",
            3,
            engine ->
                engine.device.install =
                    installation -> {
                      if (engine.device.installs.get() < 3) {
                        throw new DeviceBusyException("in production");
                      }
                      engine.device.takeIt(installation);
                    }),
        successful(
            "the installation hangs, but the device comes up with the new version",
            1,
            engine ->
                engine.device.install =
                    installation -> {
                      engine.device.takeIt(installation);
                      engine.device.hang();
                    }),
        new Case(
            "fetching fails",
            engine ->
                engine.images.fetch =
                    () -> {
                      throw failure(FailureCode.DIGEST_MISMATCH, "Another image.");
                    },
            List.of("executing", "failed digest-mismatch"),
            0,
            0,
            "digest-mismatch: Another image."),
        new Case(
            "fetching has a fault",
            engine ->
                engine.images.fetch =
                    () -> {
                      throw new IllegalStateException("bug");
                    },
            List.of("executing", "failed internal-error"),
            0,
            0,
            "please report it."),
        failed(
            "the device stays busy",
            "device-busy",
            "updates.busy_timeout (1h): in production. Send the update again when it is free.",
            engine ->
                engine.device.install =
                    installation -> {
                      throw new DeviceBusyException("in production");
                    }),
        failed(
            "the installation fails",
            "install-failed",
            "install-failed: It broke. The device runs 1.0.",
            refuseInstall(engine -> {})),
        failed(
            "the installation fails unseen",
            "install-failed",
            "install-failed: It broke.",
            refuseInstall(engine -> engine.device.canRead = false)),
        failed(
            "the adapter has a fault",
            "internal-error",
            "please report it.",
            engine ->
                engine.device.install =
                    installation -> {
                      throw new StackOverflowError();
                    }),
        failed(
            "the adapter is interrupted although nobody stops",
            "internal-error",
            "please report it.",
            engine ->
                engine.device.install =
                    installation -> {
                      throw new InterruptedException();
                    }),
        failed(
            "the installation hangs",
            "install-timeout",
            "longer than install_timeout (30m) and was stopped. Check the device, or raise"
                + " install_timeout. The device runs 1.0.",
            engine -> engine.device.install = installation -> engine.device.hang()),
        failed(
            "the installation hangs unseen",
            "install-timeout",
            "or raise install_timeout.",
            engine -> {
              engine.device.canRead = false;
              engine.device.install = installation -> engine.device.hang();
            }),
        failed(
            "the device keeps the old version",
            "not-confirmed",
            "not seen to run version 2.0 within confirm_timeout (5m). See whether it starts its new firmware; if it needs"
                + " longer, raise confirm_timeout. The device runs 1.0.",
            engine -> engine.device.install = installation -> {}),
        failed(
            "the device does not come back",
            "not-confirmed",
            "within confirm_timeout (5m). See whether it starts its new firmware; if it needs"
                + " longer, raise confirm_timeout. The device does not answer.",
            engine ->
                engine.device.read =
                    () -> {
                      throw ScriptedAdapter.unreadable();
                    }),
        failed(
            "reading the version hangs",
            "not-confirmed",
            "Reading the version took longer than version_timeout (30s).",
            engine ->
                engine.device.read =
                    () -> {
                      engine.device.hang();
                      return "";
                    }),
        restored(
            "the installation fails and is undone",
            "install-failed",
            "It broke. The old firmware was restored. The device runs 1.0.",
            refuseInstall(engine -> engine.device.canRestore = true)),
        restored(
            "nothing has to be undone",
            "install-failed",
            "It broke. The device was not touched and keeps its old firmware. The device runs 1.0.",
            refuseInstall(
                engine -> {
                  engine.device.canRestore = true;
                  engine.device.restored = Rollback.Result.UNTOUCHED;
                })),
        restored(
            "undoing fails too",
            "install-failed",
            "Restoring the old firmware failed too: No backup. The device runs 1.0.",
            refuseInstall(
                engine -> {
                  engine.device.canRestore = true;
                  engine.device.restore =
                      () -> {
                        throw failure(FailureCode.INSTALL_FAILED, "No backup.");
                      };
                })),
        restored(
            "undoing hangs",
            "install-failed",
            "took longer than install_timeout and was stopped. The device runs 1.0.",
            refuseInstall(
                engine -> {
                  engine.device.canRestore = true;
                  engine.device.restore = () -> engine.device.hang();
                })),
        restored(
            "the wrong version is undone",
            "not-confirmed",
            "The device runs 3.0. The old firmware was restored. The device runs 1.0.",
            engine -> {
              engine.device.canRestore = true;
              engine.device.install = installation -> engine.device.version = "3.0";
            }));
  }

  @TestFactory
  Stream<DynamicTest> anOperationFromItsRequestToItsEnd() {
    return running()
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.name(),
                    () -> {
                      try (Engine engine = new Engine(scheduler)) {
                        row.script().prepare(engine);
                        engine.start();
                        engine.request("op", "2.0");
                        check(row, engine);
                      }
                    }));
  }

  private static void check(Case row, Engine engine) {
    Failure none = new Failure(FailureCode.INTERNAL_ERROR, "");
    String reason = engine.awaitLateEnd(key("op")).failure().orElse(none).reason();
    assertThat(engine.statuses.words(key("op"))).isEqualTo(row.said());
    assertThat(reason).endsWith(row.reason());
    assertThat(engine.device.rollbacks).hasValue(row.rollbacks());
    if (!row.said().contains("failed device-busy")) {
      assertThat(engine.device.installs).hasValue(row.installs());
    }
    assertThat(engine.queue().size()).isZero();
  }

  private static Case killed(String name, String end, int installs, Script script) {
    return new Case(name, script, List.of("executing", end), installs, 0, "");
  }

  private static Script left(Script more, Stage... path) {
    return engine -> {
      engine.leave("op", "2.0", path);
      engine.images.stored = true;
      more.prepare(engine);
    };
  }

  private static final Stage[] INSTALLING = {
    Stage.CHECKING, Stage.FETCHING, Stage.READY, Stage.INSTALLING
  };
  private static final Stage[] CONFIRMING = {
    Stage.CHECKING, Stage.FETCHING, Stage.READY, Stage.INSTALLING, Stage.CONFIRMING
  };
  private static final Stage[] ROLLING_BACK = {
    Stage.CHECKING, Stage.FETCHING, Stage.READY, Stage.INSTALLING, Stage.ROLLING_BACK
  };

  private Stream<Case> killed() {
    return Stream.of(
        killed("killed queued", "successful", 1, left(engine -> {})),
        killed("killed checking", "successful", 1, left(engine -> {}, Stage.CHECKING)),
        killed(
            "killed fetching", "successful", 1, left(engine -> {}, Stage.CHECKING, Stage.FETCHING)),
        killed(
            "killed ready",
            "successful",
            1,
            left(engine -> {}, Stage.CHECKING, Stage.FETCHING, Stage.READY)),
        killed(
            "killed ready, image gone",
            "successful",
            1,
            left(
                engine -> engine.images.stored = false,
                Stage.CHECKING,
                Stage.FETCHING,
                Stage.READY)),
        killed(
            "killed installing, the device runs the new version",
            "successful",
            0,
            left(engine -> engine.device.version = "2.0", INSTALLING)),
        killed(
            "killed installing, the device runs the new version later",
            "successful",
            0,
            left(
                engine -> engine.device.read = () -> engine.device.reads.get() < 20 ? "1.0" : "2.0",
                INSTALLING)),
        killed(
            "killed installing, the device runs the old version",
            "failed interrupted",
            0,
            left(engine -> {}, INSTALLING)),
        killed(
            "killed installing, versions cannot be seen",
            "failed interrupted",
            0,
            left(engine -> engine.device.canRead = false, INSTALLING)),
        killed(
            "killed installing, repeatable",
            "successful",
            1,
            left(engine -> engine.device.repeatable = true, INSTALLING)),
        killed(
            "killed installing, repeatable, the device runs the new version",
            "successful",
            0,
            left(
                engine -> {
                  engine.device.repeatable = true;
                  engine.device.version = "2.0";
                },
                INSTALLING)),
        killed(
            "killed installing, repeatable and unseen",
            "successful",
            1,
            left(
                engine -> {
                  engine.device.repeatable = true;
                  engine.device.canRead = false;
                },
                INSTALLING)),
        killed(
            "killed confirming, the device runs the new version",
            "successful",
            0,
            left(engine -> engine.device.version = "2.0", CONFIRMING)),
        killed(
            "killed confirming, the device runs the old version",
            "failed not-confirmed",
            0,
            left(engine -> {}, CONFIRMING)),
        killed(
            "killed confirming, reader no longer configured",
            "failed not-confirmed",
            0,
            left(engine -> engine.device.canRead = false, CONFIRMING)),
        new Case(
            "killed rolling back",
            left(engine -> engine.device.canRestore = true, ROLLING_BACK),
            List.of("executing", "failed install-failed"),
            0,
            0,
            "It broke. The connector stopped while the old firmware was restored; check the"
                + " device. The device runs 1.0."),
        new Case(
            "killed installing, undone",
            left(engine -> engine.device.canRestore = true, INSTALLING),
            List.of("executing", "failed interrupted"),
            0,
            1,
            "The device runs 1.0. The old firmware was restored. The device runs 1.0."));
  }

  @TestFactory
  Stream<DynamicTest> anOperationThatAnEarlierProcessDiedIn() {
    return killed()
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.name(),
                    () -> {
                      try (Engine engine = new Engine(scheduler)) {
                        row.script().prepare(engine);
                        engine.start().announce();
                        check(row, engine);
                      }
                    }));
  }

  @Test
  void firmwareWithoutAVersionIsRefusedWhereTheVersionWouldBeChecked() throws Exception {
    engine.start();
    engine.request("op", "");
    String reason = engine.awaitLateEnd(key("op")).failure().orElseThrow().reason();
    assertThat(engine.statuses.words(key("op")))
        .containsExactly("executing", "failed request-invalid");
    assertThat(reason).contains("The version of the firmware is empty").endsWith("in the cloud.");
    assertThat(engine.device.installs).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1\u00852", "\u200b", "1\ud800"})
  void aVersionThatNoDeviceCouldAnswerIsRefusedBeforeAnythingIsTouched(String version)
      throws Exception {
    engine.start();
    engine.request("op", version);
    assertThat(engine.awaitLateEnd(key("op")).failure().orElseThrow().reason())
        .startsWith("request-invalid: The version of the firmware ")
        .contains("could never be seen to run it");
    assertThat(engine.device.installs).hasValue(0);
  }

  @Test
  void aVersionAsLongAsOneMayBeIsInstalledAndOneMoreIsRefused() throws Exception {
    String longest = "1".repeat(VersionText.MAX_LENGTH);
    engine.device.install = installation -> engine.device.version = longest;
    engine.start();
    engine.request("longest", longest);
    assertThat(engine.awaitLateEnd(key("longest")).stage()).isEqualTo(Stage.SUCCESSFUL);
    engine.request("longer", longest + "1");
    assertThat(engine.awaitLateEnd(key("longer")).failure().orElseThrow().reason())
        .startsWith("request-invalid: ");
    assertThat(engine.device.installs).hasValue(1);
  }

  @Test
  void aFailureIsNotToldTogetherWithThatOfReadingTheVersion() throws Exception {
    refuseInstall(
            e ->
                e.device.read =
                    () -> {
                      throw ScriptedAdapter.unreadable();
                    })
        .prepare(engine);
    engine.start();
    engine.request("op", "2.0");
    assertThat(engine.awaitLateEnd(key("op")).failure().orElseThrow().reason())
        .isEqualTo("install-failed: It broke. Which version it runs now could not be read.");
  }

  @Test
  void firmwareWithoutAVersionIsInstalledWhereVersionsCannotBeSeen() throws Exception {
    engine.device.canRead = false;
    engine.start();
    engine.request("op", "");
    engine.awaitLateEnd(key("op"));
    assertThat(engine.statuses.words(key("op"))).containsExactly("executing", "successful");
    assertThat(engine.device.installs).hasValue(1);
  }
}

package io.github.childconnector.matrix;

import io.github.childconnector.matrix.CrashWorld.Ability;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** What goes on while the connector is killed. */
@NullMarked
enum CrashScenario {
  /** A device that tells its version takes a good image. */
  GOOD_UPDATE("") {
    @Override
    void prepare(CrashWorld world) {
      world.child("plc", Ability.TELLS_VERSION);
      world.request("plc", "op", "2.0");
    }
  },

  /** The same where an installation may be begun again. */
  REPEATABLE("install plc before#1") {
    @Override
    void prepare(CrashWorld world) {
      world.child("plc", Ability.TELLS_VERSION, Ability.REPEATABLE);
      world.request("plc", "op", "2.0");
    }
  },

  /** The same where nobody sees what the device runs. */
  BLIND("install plc before#1") {
    @Override
    void prepare(CrashWorld world) {
      world.child("plc");
      world.request("plc", "op", "2.0");
    }
  },

  /** The flasher fails, and the old firmware is restored. */
  FAILING("install plc before#1") {
    @Override
    void prepare(CrashWorld world) {
      world.child("plc", Ability.TELLS_VERSION, Ability.RESTORES).fails(3, "no such port");
      world.request("plc", "op", "2.0");
    }
  },

  /** The flasher does not end by itself, and the device keeps what it has. */
  HANGING("install plc before#1") {
    @Override
    void prepare(CrashWorld world) {
      world.impatient().child("plc", Ability.TELLS_VERSION).hangs();
      world.request("plc", "op", "2.0");
    }
  },

  /** The same where nobody sees what the device runs, so that nothing else is run on it. */
  BLIND_HANGING("install plc before#1") {
    @Override
    void prepare(CrashWorld world) {
      world.impatient().child("plc").hangs();
      world.request("plc", "op", "2.0");
    }
  },

  /** The flasher does not end by itself, but the device comes up with the new version. */
  LATE("install plc before#1") {
    @Override
    void prepare(CrashWorld world) {
      world.impatient().child("plc", Ability.TELLS_VERSION).succeedsLate(1);
      world.request("plc", "op", "2.0");
    }
  },

  /** The device is in use at first. */
  BUSY("install plc before#1") {
    @Override
    void prepare(CrashWorld world) {
      world.child("plc", Ability.TELLS_VERSION).isBusy(2);
      world.request("plc", "op", "2.0");
    }
  },

  /** Two requests that cannot be carried out. */
  REFUSED("") {
    @Override
    void prepare(CrashWorld world) {
      world.child("plc", Ability.TELLS_VERSION);
      world.invalidRequest("plc", "invalid");
      world.request("ghost", "op", "2.0");
    }
  },

  /** The request is sent again as soon as possible, and again when its end was told. */
  SENT_AGAIN("") {
    @Override
    void prepare(CrashWorld world) {
      world.child("plc", Ability.TELLS_VERSION);
      world.request("plc", "op", "2.0");
      world.request("plc", "op", "2.0");
    }

    @Override
    void meanwhile(CrashRun run) throws IOException {
      if (run.world().ends().stream().allMatch(told -> told > 0)) {
        run.intervene(run.world()::send);
      }
    }
  },

  /** Two children get the same image. */
  TWO_CHILDREN("") {
    @Override
    void prepare(CrashWorld world) {
      world.child("one", Ability.TELLS_VERSION);
      world.child("two", Ability.TELLS_VERSION);
      world.request("one", "first", "2.0");
      world.request("two", "second", "2.0");
    }
  },

  /** The connector is told to stop in the middle of an installation. */
  STOPPING("install plc before#1") {
    @Override
    void prepare(CrashWorld world) {
      world.impatient().child("plc", Ability.TELLS_VERSION).hangs();
      world.request("plc", "op", "2.0");
    }

    @Override
    void meanwhile(CrashRun run) throws IOException {
      if (run.world().isInstalling()) {
        run.intervene(run::terminate);
      }
    }
  },

  /** The same with a device that may be written to the end meanwhile. */
  STOPPING_PATIENTLY("install plc before#1") {
    @Override
    void prepare(CrashWorld world) {
      world
          .child("plc", Ability.TELLS_VERSION)
          .installsBy("while [ ! -e told ]; do sleep 0.05; done\nsleep 0.7\n");
      world.waitsWhenStopping();
      world.request("plc", "op", "2.0");
    }

    @Override
    void meanwhile(CrashRun run) throws IOException {
      if (run.world().isInstalling()) {
        run.intervene(
            () -> {
              run.terminate();
              Files.createFile(run.world().device("plc").file("told"));
            });
      }
    }
  };

  private final String first;

  /** Before its first point all is as in {@link #GOOD_UPDATE}, unless that is an empty text. */
  CrashScenario(String first) {
    this.first = first;
  }

  /** Configures the children and makes the requests that wait for the connector. */
  abstract void prepare(CrashWorld world);

  /** Whether the connector is killed wherever that makes a difference, and not once only. */
  boolean isExhaustive() {
    return this == GOOD_UPDATE;
  }

  /** Whether its recovery is killed too. */
  boolean isKilledTwice() {
    return this == GOOD_UPDATE || this == FAILING;
  }

  /** Leaves out what is as in {@link #GOOD_UPDATE}. */
  List<String> ownPoints(List<String> recorded) {
    return recorded.stream().dropWhile(point -> !first.isEmpty() && !point.equals(first)).toList();
  }

  /** Happens again and again while the connector runs. */
  void meanwhile(CrashRun run) throws IOException {}
}

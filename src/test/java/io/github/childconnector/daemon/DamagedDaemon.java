package io.github.childconnector.daemon;

import io.github.childconnector.TestConnector;
import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceAdapter.VersionReader;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.settings.Section;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;

/**
 * The daemon with the one family {@code damaged}, for which the process finds a class broken for as
 * long as it lives: while there is the file that is its second argument.
 */
@NullMarked
final class DamagedDaemon {
  private DamagedDaemon() {}

  public static void main(String[] arguments) {
    TestConnector.prepare();
    TestConnector damaged =
        TestConnector.ofThisMachine().families(List.of(new Family(Path.of(arguments[1]))));
    System.exit(damaged.run(Path.of(arguments[0])));
  }

  private record Family(Path damage) implements AdapterProvider, DeviceAdapter, VersionReader {
    @Override
    public String name() {
      return "damaged";
    }

    @Override
    public DeviceAdapter create(ChildId child, Section settings) {
      return this;
    }

    @Override
    public void install(Installation installation, Progress progress) {}

    @Override
    public Optional<VersionReader> versionReader() {
      return Optional.of(this);
    }

    @Override
    public String readVersion(FirmwareUpdate update) {
      if (Files.exists(damage)) {
        throw new UnsatisfiedLinkError("no extnet in system library path");
      }
      return update.firmware().version();
    }
  }
}

package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.world.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** A directory with programs and an image, for the families of adapters that run programs. */
@NullMarked
public abstract class ProgramBench {
  public static final ChildId CHILD = new ChildId("gateway7:device:plc 1");

  protected final Path directory;

  protected ProgramBench(Path directory) {
    this.directory = directory;
  }

  /** An adapter of this family, whose settings have no problems. */
  protected static DeviceAdapter adapter(AdapterProvider family, ScriptedSettings settings) {
    DeviceAdapter adapter = family.create(CHILD, settings.section());
    if (!settings.problems().isEmpty()) {
      throw new AssertionError("the settings have problems: " + settings.problems());
    }
    return adapter;
  }

  protected Installation installation(String operation, String version, byte[] bytes) {
    var image = FirmwareImages.verified(write("the image", bytes));
    return Samples.installation(CHILD, operation, new Firmware("Open WRT", version), image);
  }

  public Path file(String name) {
    return directory.resolve(name);
  }

  public Path write(String name, String text) {
    return write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private Path write(String name, byte[] bytes) {
    try {
      return Files.write(file(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a file that everybody may run. */
  public Path executable(String name, String text) {
    try {
      return Files.setPosixFilePermissions(
          write(name, text), PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String read(String name) {
    try {
      return Files.readString(file(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of a file; none if it is not there. */
  public List<String> lines(String name) {
    return Files.exists(file(name)) ? read(name).lines().toList() : List.of();
  }

  /** The processes that run of those whose numbers programs wrote into the file {@code pids}. */
  public List<Long> running() {
    List<Long> noted = lines("pids").stream().map(Long::valueOf).toList();
    return RunningProcesses.list().stream().filter(noted::contains).toList();
  }
}

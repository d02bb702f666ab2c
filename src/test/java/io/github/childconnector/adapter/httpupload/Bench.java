package io.github.childconnector.adapter.httpupload;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.config.ConfigurationException;
import io.github.childconnector.http.HttpClients;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.settings.Section;
import io.github.childconnector.world.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A directory with an image and a configuration, from which adapters are made. */
final class Bench {
  private final Path directory;

  Bench(Path directory) {
    this.directory = directory;
  }

  /** An adapter for these lines of a {@code [child.httpupload]} table. */
  DeviceAdapter adapter(String... lines) {
    return adapter(new SystemClock(), lines);
  }

  DeviceAdapter adapter(MonotonicClock clock, String... lines) {
    try {
      return load(new OnClock(clock), lines);
    } catch (ConfigurationException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  /** What is wrong with these lines. */
  String problems(String... lines) {
    try {
      load(new HttpUploadAdapterProvider(), lines);
      return "";
    } catch (ConfigurationException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private DeviceAdapter load(AdapterProvider provider, String... lines)
      throws ConfigurationException {
    String child = "[[child]]\nid = \"board\"\nadapter = \"httpupload\"\n[child.httpupload]\n";
    Path config = write("connector.toml", (child + String.join("\n", lines)).getBytes(UTF_8));
    return new ConfigLoader(List.of(provider), name -> Optional.empty())
        .load(config)
        .children()
        .get(0)
        .adapter();
  }

  Path write(String name, byte[] bytes) {
    try {
      return Files.write(directory.resolve(name), bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A file with a password or token, named as in TOML. */
  String secret(String text) {
    return '"' + write("secret", (text + "\n").getBytes(UTF_8)).toString() + '"';
  }

  static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  Installation installation(byte[] image) {
    var verified = FirmwareImages.verified(write("image", image));
    return Samples.installation(
        new ChildId("board"), "op-1", new Firmware("Open fw", "2.0 β"), verified);
  }

  String readVersion(DeviceAdapter adapter) throws Exception {
    return adapter.versionReader().orElseThrow().readVersion(installation(bytes(1)).update());
  }

  /** The failure that a call ends with. */
  static Failure failure(ThrowingCallable call) {
    try {
      call.call();
    } catch (UpdateException e) {
      return e.failure();
    } catch (Throwable e) {
      throw new AssertionError("no failure of an update", e);
    }
    throw new AssertionError("no failure");
  }

  private record OnClock(MonotonicClock clock) implements AdapterProvider {
    @Override
    public String name() {
      return "httpupload";
    }

    @Override
    public DeviceAdapter create(ChildId child, Section settings) {
      return new HttpUploadAdapter(HttpUploadSettings.read(settings), new HttpClients(), clock);
    }
  }
}

package io.github.childconnector.recipes;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.adapter.command.CommandAdapterProvider;
import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.update.Child;
import io.github.childconnector.world.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A recipe as its {@code connector.toml} has it, set up for a fake device, with the real tool. */
final class RecipeBench {
  final RecordingProgress progress = new RecordingProgress();
  private final String recipe;
  private final Path directory;
  private String toml;

  RecipeBench(String recipe, Path directory) throws IOException {
    this.recipe = recipe;
    this.directory = directory;
    Path folder = Path.of("examples/recipes", recipe).toAbsolutePath();
    toml =
        Files.readString(folder.resolve("connector.toml"))
            .replace("/opt/" + recipe + "/", folder + "/");
    Tools.environment().forEach(this::with);
  }

  /** With another value of a variable, or one more. */
  RecipeBench with(String variable, Object value) {
    String line = "  " + variable + " = '" + value + "'";
    Matcher there = Pattern.compile("(?m)^  " + variable + " = .*$").matcher(toml);
    toml = there.find() ? there.replaceFirst(Matcher.quoteReplacement(line)) : toml + line + "\n";
    return this;
  }

  /** With this program in the place of the tool, whatever is installed. */
  RecipeBench fake(String tool, String body) throws IOException {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Tools.script(bin.resolve(tool), body);
    return with("PATH", bin + ":" + Tools.environment().get("PATH"));
  }

  /** A file of this test. */
  Path file(String name) {
    return directory.resolve(name);
  }

  Child child() throws Exception {
    Path config = Files.writeString(file("connector.toml"), toml);
    return new ConfigLoader(List.of(new CommandAdapterProvider()), name -> Optional.empty())
        .load(config)
        .children()
        .get(0);
  }

  private DeviceAdapter adapter() throws Exception {
    return child().adapter();
  }

  private Installation installation(String version, byte[] image) throws Exception {
    var verified = FirmwareImages.verified(Files.write(file("image of " + recipe), image));
    return Samples.installation(
        child().id(), "op-" + version, new Firmware(recipe, version), verified);
  }

  void install(String version, byte[] image) throws Exception {
    adapter().install(installation(version, image), progress);
  }

  /** Why it could not be installed; the device may have been touched. */
  String failure(String version, byte[] image) throws Exception {
    try {
      install(version, image);
    } catch (UpdateException e) {
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("it was installed: " + progress.said());
  }

  /** Why the connector is to try again later; the device was not touched. */
  String busy(String version, byte[] image) throws Exception {
    try {
      install(version, image);
    } catch (DeviceBusyException e) {
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("it was installed: " + progress.said());
  }

  String version() throws Exception {
    FirmwareUpdate any = installation("any", new byte[0]).update();
    return adapter().versionReader().orElseThrow().readVersion(any);
  }

  /** Why there is no version. */
  String versionFailure() throws Exception {
    try {
      return "the version " + version();
    } catch (UpdateException e) {
      return String.valueOf(e.getMessage());
    }
  }

  void restore(String version) throws Exception {
    FirmwareUpdate update = installation(version, new byte[0]).update();
    adapter().rollback().orElseThrow().restore(update, progress);
  }

  /** The test is skipped where the tool is not. */
  static void require(String tool) {
    assumeTrue(Tools.isThere(tool), "there is no " + tool + ", neither installed nor unpacked");
  }
}

package io.github.childconnector.matrix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.childconnector.matrix.SimulatedFamily.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/** What the files of a simulated device say about what was said of it. */
@NullMarked
record FamilyTruth(SimulatedFamily family, Place place) {
  private static final Pattern RUNS = Pattern.compile("The device runs (\\S+?)\\.[\" ]");

  /** What was said of the device and is not so. */
  Optional<String> lie(String end, boolean wasKilled) {
    boolean isSuccess = end.contains("\"successful\"");
    if (!isSuccess && !end.contains("\"reason\":\"")) {
      return Optional.of("it failed without a reason: " + end);
    }
    String runs = running();
    Matcher told = RUNS.matcher(end);
    boolean isTold = told.find();
    String said =
        isSuccess
            ? family.newVersion()
            // A device that is away when it fails cannot be asked; it has its old version then.
            : isTold ? told.group(1) : wasKilled ? family.oldVersion() : "unknown";
    return said.equals(runs)
        ? Optional.empty()
        : Optional.of("the device runs " + runs + ", where " + said + " was said: " + end);
  }

  private String running() {
    try {
      byte[] image = Files.readAllBytes(family.running(place));
      return List.of(family.oldVersion(), family.newVersion()).stream()
          .filter(version -> isImage(image, version))
          .findFirst()
          .orElse("neither");
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** A device begins with an image of its own making. */
  private boolean isImage(byte[] image, String version) {
    return version.equals(family.newVersion())
        ? Arrays.equals(image, family.image(version))
        : new String(image, ISO_8859_1).contains(version);
  }

  /** How often the device has taken an image. */
  int flashes() throws IOException {
    Path notes = place.device().resolve(family.flashes());
    return Files.isRegularFile(notes) ? Files.readAllLines(notes).size() : 0;
  }
}

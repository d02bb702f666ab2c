package io.github.childconnector.config;

import io.github.childconnector.clock.DurationText;
import io.github.childconnector.settings.Amounts;
import io.github.childconnector.settings.Node;
import io.github.childconnector.settings.Node.Origin;
import io.github.childconnector.settings.Node.Scalar;
import io.github.childconnector.settings.Places;
import io.github.childconnector.settings.Problems;
import io.github.childconnector.settings.Section;
import io.github.childconnector.thinedge.TedgeToml;
import io.github.childconnector.thinedge.TedgeToml.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Reads the {@code [thin_edge]} section, and by it thin-edge's own file. */
final class ThinEdgeReader {
  private static final String VARIABLE = "TEDGE_CONFIG_DIR";
  private static final Path USUAL_DIRECTORY = Path.of("/etc/tedge");
  private static final Duration USUAL_TIMEOUT = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST_TIMEOUT = Duration.ofDays(3650);

  private final Section section;
  private final Function<String, Optional<String>> environment;
  private final Problems problems;

  ThinEdgeReader(
      Section section, Function<String, Optional<String>> environment, Problems problems) {
    this.section = section;
    this.environment = environment;
    this.problems = problems;
  }

  /** Returns what thin-edge has set, as the default of a key of ours. */
  static Optional<Node> inherited(Optional<? extends Setting<?>> setting) {
    return setting.map(
        found ->
            new Scalar(
                found.value(), new Origin(found.source(), found.line(), Optional.of(found.key()))));
  }

  /** Reads {@code config_dir}, and then the file that is there. */
  TedgeToml readTedge() {
    Optional<String> variable = environment.apply(VARIABLE).filter(value -> !value.isEmpty());
    section.inherit("config_dir", variable.map(value -> new Scalar(value, Origin.of(VARIABLE, 0))));
    Path directory = section.value("config_dir", Places.PATH, USUAL_DIRECTORY);
    TedgeToml tedge = TedgeToml.read(directory, environment);
    Path usual = variable.map(Path::of).orElse(USUAL_DIRECTORY);
    boolean chosen = section.has("config_dir") && !directory.equals(usual);
    if (chosen && !tedge.present()) {
      section.problem(
          "config_dir", "there is no tedge.toml in " + directory + "; correct it or leave it out");
    }
    tedge.problems().forEach(this::report);
    return tedge;
  }

  private void report(TedgeToml.Problem problem) {
    Origin origin = Origin.of(problem.source(), problem.line());
    String shared =
        problem
            .key()
            .map(key -> key + ": " + problem.sentence())
            .orElse("cannot be read, or is no TOML here");
    problems.add(origin, problem.key().orElse(""), problem.sentence(), shared);
  }

  /** Reads the section but for {@code config_dir} and {@code heartbeat}: thin-edge's timeout. */
  Duration read(TedgeToml tedge) {
    section.refuseFormer(
        "protocols", "is no key any more: the legacy protocol is served, as before; remove it");
    section.refuseFormer(
        "topic_root", "is no key any more: the legacy protocol has no use for it; remove it");
    section.inherit("update_timeout", inherited(tedge.updateTimeout()));
    return section.value(
        "update_timeout", Amounts.duration(Duration.ofSeconds(2), LONGEST_TIMEOUT), USUAL_TIMEOUT);
  }

  /** Reads {@code heartbeat}; thin-edge gives an update up when it hears none for its timeout. */
  Duration readHeartbeat(Duration timeout) {
    Duration heartbeat =
        section.value(
            "heartbeat", Amounts.duration(SHORTEST, Amounts.LONGEST), usualHeartbeat(timeout));
    if (heartbeat.compareTo(timeout) >= 0) {
      String limit = DurationText.write(timeout);
      section.problem("heartbeat", "must be shorter than update_timeout, which is " + limit);
    }
    return heartbeat;
  }

  private static Duration usualHeartbeat(Duration timeout) {
    Duration quarter = timeout.dividedBy(4);
    Duration bounded = quarter.compareTo(LONGEST) > 0 ? LONGEST : quarter;
    return bounded.compareTo(SHORTEST) < 0 ? SHORTEST : bounded;
  }
}

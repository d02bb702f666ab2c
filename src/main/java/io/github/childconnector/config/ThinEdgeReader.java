package io.github.childconnector.config;

import io.github.childconnector.clock.DurationText;
import io.github.childconnector.config.Node.Scalar;
import io.github.childconnector.thinedge.TedgeToml;
import io.github.childconnector.thinedge.ThinEdgeSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads the {@code [thin_edge]} section, and by it thin-edge's own file. */
final class ThinEdgeReader {
  private static final String LEGACY = "legacy";
  private static final String VARIABLE = "TEDGE_CONFIG_DIR";
  private static final Path USUAL_DIRECTORY = Path.of("/etc/tedge");
  private static final Duration USUAL_TIMEOUT = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Kind<Duration> TIMEOUT =
      Amounts.duration(Duration.ofSeconds(2), Duration.ofDays(3650));
  private static final Kind<Duration> HEARTBEAT = Amounts.duration(SHORTEST, Duration.ofDays(30));
  private static final Kind<List<String>> PROTOCOLS =
      Kind.list(ThinEdgeReader::protocols, Text::list);
  private static final Kind<String> TOPIC_ROOT =
      Kinds.matching(root -> root.matches("[^+#\\p{Cntrl}]{1,128}"), "a topic without + and #");

  private final Section section;
  private final Function<String, Optional<String>> environment;
  private final Problems problems;

  ThinEdgeReader(
      Section section, Function<String, Optional<String>> environment, Problems problems) {
    this.section = section;
    this.environment = environment;
    this.problems = problems;
  }

  /** Reads {@code config_dir}, and then the file that is there. */
  TedgeToml readTedge() {
    Optional<String> variable = environment.apply(VARIABLE).filter(value -> !value.isEmpty());
    Optional<Node> inherited = variable.map(value -> new Scalar(value, Origin.of(VARIABLE, 0)));
    Path directory = section.value("config_dir", Places.DIRECTORY, inherited, USUAL_DIRECTORY);
    TedgeToml tedge = TedgeToml.read(directory, environment);
    Path usual = variable.map(Path::of).orElse(USUAL_DIRECTORY).normalize();
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
    problems.add(origin, problem.key().orElse(""), problem.sentence());
  }

  /** Reads the section but for {@code config_dir} and {@code heartbeat}. */
  ThinEdgeSettings read(TedgeToml tedge) {
    return new ThinEdgeSettings(
        section.value("protocols", PROTOCOLS, List.of(LEGACY)),
        section.value("topic_root", TOPIC_ROOT, Node.inherited(tedge.topicRoot()), "te"),
        section.value(
            "update_timeout", TIMEOUT, Node.inherited(tedge.updateTimeout()), USUAL_TIMEOUT));
  }

  /** Reads {@code heartbeat}; thin-edge gives an update up when it hears none for its timeout. */
  Duration readHeartbeat(Duration timeout) {
    Duration heartbeat = section.value("heartbeat", HEARTBEAT, usualHeartbeat(timeout));
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

  private static List<String> protocols(Node node) throws BadValueException {
    List<String> protocols = Kinds.texts(node);
    if (!protocols.equals(List.of(LEGACY))) {
      throw new BadValueException(
          "must be [\"legacy\"], the only protocol this version serves, not "
              + Text.list(protocols));
    }
    return protocols;
  }
}

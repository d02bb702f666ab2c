package io.github.childconnector.thinedge;

import static java.util.Map.entry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The settings of thin-edge's own configuration that matter to this program. The file is {@code
 * tedge.toml} in thin-edge's configuration directory; an environment variable {@code TEDGE_…}
 * stands above it. Where thin-edge 2.0 keeps the settings of Cumulocity in {@code
 * mappers/c8y/mapper.toml}, they are read there, and {@code [c8y]} in {@code tedge.toml} is not, as
 * by thin-edge itself. Both versions of the file are read; what is not named here is left alone.
 *
 * <p>Sample:
 *
 * <pre>
 * [config]
 * version = "2"
 * [mqtt.client]
 * host = "gateway.local"
 * auth.ca_file = "/etc/mosquitto/ca.crt"
 * [firmware.child.update]
 * timeout = "1h"
 * </pre>
 *
 * @param directory where it is looked for
 * @param present whether there is such a file
 * @param mqttHost the broker, {@code mqtt.client.host}
 * @param mqttPort its port, {@code mqtt.client.port} or else {@code mqtt.bind.port}
 * @param caFile {@code mqtt.client.auth.ca_file}: thin-edge speaks TLS if this or the next is set
 * @param caDir {@code mqtt.client.auth.ca_dir}
 * @param certFile {@code mqtt.client.auth.cert_file}
 * @param keyFile {@code mqtt.client.auth.key_file}
 * @param username {@code mqtt.client.auth.username}
 * @param passwordFile {@code mqtt.client.auth.password_file}
 * @param httpHost the file server, {@code http.client.host}
 * @param httpCertFile {@code http.client.auth.cert_file}
 * @param httpKeyFile {@code http.client.auth.key_file}
 * @param proxyHost the proxy to the cloud, {@code c8y.proxy.client.host}
 * @param updateTimeout how long thin-edge waits for a sign of life of a firmware update, {@code
 *     firmware.child.update.timeout}
 * @param topicRoot the first part of thin-edge's own topics, {@code mqtt.topic_root}
 * @param problems what cannot be read; the values concerned are absent
 */
public record TedgeToml(
    Path directory,
    boolean present,
    Optional<Setting<String>> mqttHost,
    Optional<Setting<Long>> mqttPort,
    Optional<Setting<String>> caFile,
    Optional<Setting<String>> caDir,
    Optional<Setting<String>> certFile,
    Optional<Setting<String>> keyFile,
    Optional<Setting<String>> username,
    Optional<Setting<String>> passwordFile,
    Optional<Setting<String>> httpHost,
    Optional<Setting<String>> httpCertFile,
    Optional<Setting<String>> httpKeyFile,
    Optional<Setting<String>> proxyHost,
    Optional<Setting<Duration>> updateTimeout,
    Optional<Setting<String>> topicRoot,
    List<Problem> problems) {

  /** Keeps its own copy of the problems. */
  public TedgeToml {
    problems = List.copyOf(problems);
  }

  /** Reads the file of that directory and the environment; never fails, see {@link #problems}. */
  public static TedgeToml read(Path configDir, Function<String, Optional<String>> environment) {
    return new Reader(configDir, environment).read();
  }

  /**
   * A value that somebody set.
   *
   * @param key its name in thin-edge, for example {@code mqtt.client.host}
   * @param source {@code tedge.toml} or the name of the environment variable
   * @param line its line in the file; 0 for a variable
   */
  public record Setting<T>(T value, String key, String source, int line) {}

  /**
   * A setting that cannot be read, and what to do about it.
   *
   * @param source {@code tedge.toml} or the name of the environment variable
   * @param line the line in the file; 0 where there is none
   * @param key the name of the setting; empty if the file as a whole is meant
   */
  public record Problem(String source, int line, Optional<String> key, String sentence) {}

  /** Looks every setting up under all the names it has had. */
  private static final class Reader {
    private static final String FILE = "tedge.toml";

    /** The file to which thin-edge 2.0 moves its settings of Cumulocity, without their prefix. */
    private static final String MAPPER = "mappers/c8y/mapper.toml";

    private static final String CLOUD = "c8y.";
    private static final Pattern TOPIC = Pattern.compile("[^+#\\p{Cntrl}]+");
    private static final Pattern PORT = Pattern.compile("\\d{1,5}");

    /** Deprecated spellings, which thin-edge still takes in every version of the file. */
    private static final Map<String, String> SPELLINGS =
        Map.of(
            "mqtt.client.auth.ca_file", "mqtt.client.auth.cafile",
            "mqtt.client.auth.ca_dir", "mqtt.client.auth.cadir",
            "mqtt.client.auth.cert_file", "mqtt.client.auth.certfile",
            "mqtt.client.auth.key_file", "mqtt.client.auth.keyfile");

    /**
     * The flat names of version 1 (before 0.12), which thin-edge moves when it meets such a file.
     */
    private static final Map<String, String> FLAT =
        Map.ofEntries(
            entry("mqtt.client.host", "mqtt.client_host"),
            entry("mqtt.client.port", "mqtt.client_port"),
            entry("mqtt.bind.port", "mqtt.port"),
            entry("mqtt.client.auth.ca_file", "mqtt.client_ca_file"),
            entry("mqtt.client.auth.ca_dir", "mqtt.client_ca_path"),
            entry("mqtt.client.auth.cert_file", "mqtt.client_auth.cert_file"),
            entry("mqtt.client.auth.key_file", "mqtt.client_auth.key_file"),
            entry("firmware.child.update.timeout", "firmware.child_update_timeout"));

    private final Path directory;
    private final Function<String, Optional<String>> environment;
    private final List<Problem> problems = new ArrayList<>();
    private final TedgeFile file;
    private final TedgeFile mapper;
    private final boolean flat;

    Reader(Path directory, Function<String, Optional<String>> environment) {
      this.directory = directory;
      this.environment = environment;
      this.file = TedgeFile.read(directory.resolve(FILE), FILE, problems);
      this.mapper = TedgeFile.read(directory.resolve(MAPPER), MAPPER, problems);
      this.flat = file.find("config.version").filter("2"::equals).isEmpty();
    }

    TedgeToml read() {
      return new TedgeToml(
          directory,
          file.present(),
          text("mqtt.client.host"),
          port("mqtt.client.port").or(() -> port("mqtt.bind.port")),
          text("mqtt.client.auth.ca_file"),
          text("mqtt.client.auth.ca_dir"),
          text("mqtt.client.auth.cert_file"),
          text("mqtt.client.auth.key_file"),
          text("mqtt.client.auth.username"),
          text("mqtt.client.auth.password_file"),
          text("http.client.host"),
          text("http.client.auth.cert_file"),
          text("http.client.auth.key_file"),
          text("c8y.proxy.client.host"),
          duration("firmware.child.update.timeout"),
          setting("mqtt.topic_root", "a text in quotes without + and #", Reader::asTopic),
          problems);
    }

    private Optional<Setting<String>> text(String key) {
      return setting(key, "a text in quotes, not empty", Reader::asText);
    }

    private Optional<Setting<Long>> port(String key) {
      return setting(key, "a port number, 1 to 65535", Reader::asPort);
    }

    private Optional<Setting<Duration>> duration(String key) {
      return setting(key, "a number of seconds or a time such as \"1h\"", Reader::asDuration);
    }

    private static Optional<String> asText(Object value) {
      return value instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }

    private static Optional<String> asTopic(Object value) {
      return asText(value).filter(topic -> TOPIC.matcher(topic).matches());
    }

    private static Optional<Long> asPort(Object value) {
      return Optional.of(value.toString())
          .filter(digits -> PORT.matcher(digits).matches())
          .map(Long::valueOf)
          .filter(port -> port >= 1 && port <= 65535);
    }

    private static Optional<Duration> asDuration(Object value) {
      return value instanceof String || value instanceof Long
          ? HumanTime.parse(value.toString())
          : Optional.empty();
    }

    private <T> Optional<Setting<T>> setting(
        String key, String expected, Function<Object, Optional<T>> reading) {
      return inEnvironment(key).or(() -> inFile(key)).flatMap(raw -> typed(raw, expected, reading));
    }

    private <T> Optional<Setting<T>> typed(
        Setting<Object> raw, String expected, Function<Object, Optional<T>> reading) {
      Optional<T> value = reading.apply(raw.value());
      if (value.isEmpty()) {
        String sentence = "must be " + expected;
        problems.add(new Problem(raw.source(), raw.line(), Optional.of(raw.key()), sentence));
      }
      return value.map(typed -> new Setting<>(typed, raw.key(), raw.source(), raw.line()));
    }

    /** Reads a variable; an empty one is none, as in thin-edge. */
    private Optional<Setting<Object>> inEnvironment(String key) {
      String variable = "TEDGE_" + key.toUpperCase(Locale.ROOT).replace('.', '_');
      return environment
          .apply(variable)
          .filter(value -> !value.isEmpty())
          .map(value -> new Setting<>(value, key, variable, 0));
    }

    /** Looks into the mapper's own file for its keys, above which nothing else stands then. */
    private Optional<Setting<Object>> inFile(String key) {
      return key.startsWith(CLOUD) && mapper.present()
          ? mapper.located(key.substring(CLOUD.length()), key)
          : names(key).flatMap(name -> file.located(name, name).stream()).findFirst();
    }

    private Stream<String> names(String key) {
      Stream<String> spellings = Stream.of(key, SPELLINGS.getOrDefault(key, key));
      return flat ? Stream.concat(spellings, Stream.of(FLAT.getOrDefault(key, key))) : spellings;
    }
  }

  /**
   * A length of time as thin-edge writes it: a number of seconds, or numbers with units, of which a
   * month has 30.44 days and a year 365.25.
   *
   * <p>Samples: {@code 3600}, {@code 90s}, {@code 1h 30min}, {@code 2 days}.
   */
  static final class HumanTime {
    private static final Pattern SECONDS = Pattern.compile("\\d{1,18}");
    private static final Pattern PARTS = Pattern.compile("(?:\\s*\\d{1,18}\\s*\\p{L}+)+\\s*");
    private static final Pattern PART = Pattern.compile("(\\d+)\\s*(\\p{L}+)");
    private static final Map<Duration, List<String>> UNITS =
        Map.ofEntries(
            entry(Duration.ofNanos(1), List.of("nanos", "nsec", "ns")),
            entry(Duration.ofNanos(1_000), List.of("usec", "us", "µs")),
            entry(Duration.ofMillis(1), List.of("millis", "msec", "ms")),
            entry(Duration.ofSeconds(1), List.of("seconds", "second", "secs", "sec", "s")),
            entry(Duration.ofMinutes(1), List.of("minutes", "minute", "mins", "min", "m")),
            entry(Duration.ofHours(1), List.of("hours", "hour", "hrs", "hr", "h")),
            entry(Duration.ofDays(1), List.of("days", "day", "d")),
            entry(Duration.ofDays(7), List.of("weeks", "week", "wks", "wk", "w")),
            entry(Duration.ofSeconds(2_630_016), List.of("months", "month", "M")),
            entry(Duration.ofSeconds(31_557_600), List.of("years", "year", "yrs", "yr", "y")));

    private HumanTime() {}

    /** The length; empty if thin-edge would not take the text. */
    static Optional<Duration> parse(String text) {
      try {
        if (SECONDS.matcher(text).matches()) {
          return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        return PARTS.matcher(text).matches() ? sum(PART.matcher(text)) : Optional.empty();
      } catch (ArithmeticException tooLong) {
        return Optional.empty();
      }
    }

    private static Optional<Duration> sum(Matcher parts) {
      Duration sum = Duration.ZERO;
      while (parts.find()) {
        Optional<Duration> unit = unit(parts.group(2));
        if (unit.isEmpty()) {
          return Optional.empty();
        }
        sum = sum.plus(unit.get().multipliedBy(Long.parseLong(parts.group(1))));
      }
      return Optional.of(sum);
    }

    private static Optional<Duration> unit(String word) {
      return UNITS.entrySet().stream()
          .filter(unit -> unit.getValue().contains(word))
          .map(Map.Entry::getKey)
          .findFirst();
    }
  }
}

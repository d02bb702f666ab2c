package io.github.childconnector.thinedge;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The settings of thin-edge's own configuration that matter to this program. The file is {@code
 * tedge.toml} in thin-edge's configuration directory; an environment variable {@code TEDGE_…}
 * stands above it. Both versions of the file are read; what is not named here is left alone.
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
 * @param problems what cannot be read; the values concerned are absent
 */
public record TedgeToml(
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
    List<Problem> problems) {

  /** Keeps its own copy of the problems. */
  public TedgeToml {
    problems = List.copyOf(problems);
  }

  /** Reads the file of that directory and the environment; never fails, see {@link #problems}. */
  public static TedgeToml read(Path configDir, Function<String, Optional<String>> environment) {
    return new TedgeTomlReader(configDir.resolve("tedge.toml"), environment).read();
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
}

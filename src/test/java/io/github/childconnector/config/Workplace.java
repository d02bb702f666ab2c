package io.github.childconnector.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.childconnector.adapter.AdapterProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;

/**
 * A directory with configuration files and an environment of its own. In all texts {@code $DIR}
 * stands for the directory; thin-edge's is {@code $DIR/tedge}, which is not there at first.
 */
@NullMarked
final class Workplace {
  private final Path directory;
  private final Map<String, String> environment = new HashMap<>();
  private List<AdapterProvider> adapters = List.of(new FakeCommandProvider());

  Workplace(Path directory) {
    this.directory = directory;
    environment.put("TEDGE_CONFIG_DIR", directory.resolve("tedge").toString());
  }

  Workplace file(String name, String content) {
    return file(name, content.replace("$DIR", directory.toString()).getBytes(UTF_8));
  }

  Workplace file(String name, byte[] content) {
    try {
      Path file = directory.resolve(name);
      Files.createDirectories(file.resolveSibling("."));
      Files.write(file, content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return this;
  }

  Workplace variable(String name, String value) {
    environment.put(name, value.replace("$DIR", directory.toString()));
    return this;
  }

  Workplace adapters(AdapterProvider... providers) {
    adapters = List.of(providers);
    return this;
  }

  ConnectorConfig load() throws ConfigurationException {
    return load("connector.toml");
  }

  ConnectorConfig load(String name) throws ConfigurationException {
    return loader().load(directory.resolve(name));
  }

  String effective() throws ConfigurationException {
    return effective("connector.toml");
  }

  String effective(String name) throws ConfigurationException {
    return loader().read(directory.resolve(name)).effective();
  }

  ConfigLoader loader() {
    return new ConfigLoader(adapters, key -> Optional.ofNullable(environment.get(key)));
  }

  /** What is wrong, a line each; empty if nothing is. */
  String problems() {
    try {
      load();
      return "";
    } catch (ConfigurationException e) {
      return String.valueOf(e.getMessage()).replace(directory.toString(), "$DIR");
    }
  }
}

package io.github.childconnector.config;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.config.SourceFiles.Source;
import io.github.childconnector.settings.Problems;
import io.github.childconnector.settings.Problems.Problem;
import io.github.childconnector.settings.Section;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the configuration file, with {@code conf.d/*.toml} beside it merged in the order of their
 * names: a later file wins key by key, and the {@code [[child]]} tables of all files are kept.
 *
 * <p>Sample; {@code examples/configuration/connector.toml} shows every key:
 *
 * <pre>
 * [updates]
 * parallel_installs = 8
 *
 * [[child]]
 * id = "plc-1"
 * adapter = "command"
 * install_timeout = "10m"
 * [child.command]
 * install = ["/usr/local/bin/flash", "{image}"]
 * </pre>
 */
public final class ConfigLoader {
  private static final int LARGEST_SHARED = 256 << 10;

  private final List<AdapterProvider> adapters;
  private final Function<String, Optional<String>> environment;

  /**
   * A configuration that was read, with what it came to.
   *
   * @param config what is in effect
   * @param effective the same as TOML text: every key with its value, secrets as {@code ********},
   *     and as a comment where each value was set that is no default. Sample: {@code port = 1884 #
   *     connector.toml:3}. Read again it gives the same configuration, but for the secrets.
   */
  public record LoadedConfig(ConnectorConfig config, String effective) {}

  /** Takes the adapters that children may name, and the environment variables. */
  public ConfigLoader(
      List<AdapterProvider> adapters, Function<String, Optional<String>> environment) {
    this.adapters = List.copyOf(adapters);
    this.environment = environment;
  }

  /**
   * Reads that file and what belongs to it. A configuration without a child is none the less valid.
   *
   * @throws ConfigurationException with everything that is wrong; if a file cannot be read or is no
   *     TOML, then what is wrong with the values is only known after that is mended
   */
  public LoadedConfig load(Path file) throws ConfigurationException {
    Problems problems = new Problems();
    Section root = Section.root(new SourceFiles(file, problems).read(), problems);
    ConnectorConfig config = new ConnectorReader(root, problems).read(adapters, environment);
    root.refuseUnknown();
    ConfigurationException.refuse(problems);
    return new LoadedConfig(config, root.effective(false));
  }

  /**
   * Writes a configuration file, what belongs to it, and what they come to into a directory, as
   * they may be shown to strangers: nothing that may be secret, and no comment. Lines keep their
   * numbers.
   *
   * <pre>
   * etc/connector.toml
   * etc/conf.d/10-plcs.toml
   * effective.toml             empty if anything is wrong
   * </pre>
   *
   * @return what is wrong, a line each, as strangers may see it too
   * @throws IOException nothing can be written there
   */
  public List<String> share(Path file, Path directory) throws IOException {
    Problems problems = new Problems();
    List<Source> sources = new SourceFiles(file, problems).sources(LARGEST_SHARED);
    Section root = Section.root(SourceFiles.merged(sources), problems);
    new ConnectorReader(root, problems).read(adapters, environment);
    root.refuseUnknown();
    new SharedFiles(directory, root, problems).write(sources);
    return problems.found().stream().map(Problem::forStrangers).toList();
  }
}

package io.github.childconnector.config;

/**
 * A configuration that was read, with what it came to.
 *
 * @param config what counts
 * @param effective the same as TOML text: every key with its value, secrets as {@code ********},
 *     and as a comment where each value was set that is no default. Sample: {@code port = 1884 #
 *     connector.toml:3}. Read again it gives the same configuration, but for the secrets.
 */
public record LoadedConfig(ConnectorConfig config, String effective) {}

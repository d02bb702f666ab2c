package io.github.childconnector.config;

import io.github.childconnector.image.DownloadSettings;
import io.github.childconnector.settings.Amounts;
import io.github.childconnector.settings.KeyPair;
import io.github.childconnector.settings.Places;
import io.github.childconnector.settings.Section;
import io.github.childconnector.thinedge.TedgeToml;
import io.github.childconnector.tls.TlsSettings;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the {@code [download]} section. */
final class DownloadReader {
  private static final long MAX_SIZE = 2L << 30;
  private static final long MIN_FREE = 64L << 20;
  private static final List<String> LOOPBACK = List.of("127.0.0.1", "localhost", "::1");

  private final Section section;
  private final TedgeToml tedge;
  private final String broker;

  DownloadReader(Section section, TedgeToml tedge, String broker) {
    this.section = section;
    this.tedge = tedge;
    this.broker = broker;
  }

  DownloadSettings read() {
    long maxSize = section.value("max_size", Amounts.size(1, Amounts.LARGEST), MAX_SIZE);
    long minFree = section.value("min_free", Amounts.size(0, Amounts.LARGEST), MIN_FREE);
    int attempts = section.value("attempts", Amounts.number(1, 100), 10);
    Duration stall = section.duration("stall_timeout", Duration.ofSeconds(60));
    Duration deadline = section.duration("deadline", Duration.ofHours(1));
    Set<String> hosts =
        new LinkedHashSet<>(section.value("allowed_hosts", Places.HOSTS, usualHosts()));
    Optional<String> gateway = section.value("gateway_host", Places.HOST.orNone(), usualGateway());
    gateway.ifPresent(hosts::add);
    return new DownloadSettings(maxSize, minFree, attempts, stall, deadline, hosts, gateway, tls());
  }

  private Set<String> usualHosts() {
    Set<String> hosts = new LinkedHashSet<>(List.of(broker));
    Stream.of(tedge.httpHost(), tedge.proxyHost())
        .flatMap(setting -> setting.flatMap(host -> Places.parseHost(host.value())).stream())
        .forEach(hosts::add);
    hosts.addAll(LOOPBACK);
    return hosts;
  }

  private Optional<String> usualGateway() {
    return Optional.of(broker).filter(host -> !Places.isLoopback(host));
  }

  /** Thin-edge has no setting for whom to trust here; its clients ask the machine's store. */
  private TlsSettings tls() {
    section.inherit(KeyPair.USUAL.certificate(), ThinEdgeReader.inherited(tedge.httpCertFile()));
    section.inherit(KeyPair.USUAL.key(), ThinEdgeReader.inherited(tedge.httpKeyFile()));
    return new TlsSettings(
        section.optional("ca_file", Places.FILE_OR_DIRECTORY),
        KeyPair.USUAL.read(section, Places.FILE));
  }
}

package io.github.childconnector.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.tls.Certificates;
import io.github.childconnector.tls.TlsContext;
import io.github.childconnector.tls.TlsSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File servers that speak https, to which thin-edge's answers 307 from http. */
@IntegrationTest
class SecureTest {
  private static final byte[] BODY = Samples.bytes(100_000);
  private static final Sha256 DIGEST = Samples.digest(BODY);

  private static Path authority = Path.of("none");
  private static Optional<SSLContext> serverContext = Optional.empty();

  private Path directory = Path.of("none");

  @BeforeAll
  static void makeKeys(@TempDir Path keys) throws IOException {
    Certificates certificates = Certificates.authority(keys, "ca");
    authority = certificates.authority();
    TlsSettings server =
        new TlsSettings(Optional.empty(), Optional.of(certificates.sign("server")));
    serverContext = Optional.of(TlsContext.of(server));
  }

  @BeforeEach
  void directory(@TempDir Path scratch) {
    directory = scratch;
  }

  private static ScriptedServer secureServer() throws IOException {
    return new ScriptedServer(serverContext.orElseThrow(), Replies.whole(BODY));
  }

  private FirmwareImage fetch(ScriptedServer server, Optional<Path> trust) throws Exception {
    DownloadSettings settings =
        new DownloadSettings(
            1_000_000,
            0,
            1,
            Samples.STALL,
            Samples.DEADLINE,
            Set.of("127.0.0.1"),
            Optional.empty(),
            new TlsSettings(trust, Optional.empty()));
    return new ImageStore(directory, settings, new LocalDisk(), FakeClock.jumping())
        .fetch(DIGEST, server.url(), Samples.SILENT);
  }

  @Test
  void aTrustedServerIsAsked() throws Exception {
    try (ScriptedServer server = secureServer()) {
      assertThat(fetch(server, Optional.of(authority)).path()).hasBinaryContent(BODY);
    }
  }

  @Test
  void aRedirectFromHttpToHttpsIsFollowed() throws Exception {
    try (ScriptedServer secure = secureServer();
        ScriptedServer plain =
            new ScriptedServer(
                Replies.status("307 Temporary Redirect", "Location: " + secure.url()))) {
      assertThat(fetch(plain, Optional.of(authority)).path()).hasBinaryContent(BODY);
    }
  }

  @Test
  void aRedirectFromHttpsToHttpIsNot() throws Exception {
    try (ScriptedServer plain = new ScriptedServer(Replies.whole(BODY));
        ScriptedServer secure =
            new ScriptedServer(
                serverContext.orElseThrow(),
                Replies.status("307 Temporary Redirect", "Location: " + plain.url()))) {
      Failure failure = Samples.failure(() -> fetch(secure, Optional.of(authority)));

      assertThat(failure.code()).isEqualTo(FailureCode.URL_REFUSED);
      assertThat(plain.requests()).isEmpty();
    }
  }

  @Test
  void anUnknownAuthorityIsNotTrusted() throws Exception {
    try (ScriptedServer server = secureServer()) {
      Failure failure = Samples.failure(() -> fetch(server, Optional.empty()));

      assertThat(failure.code()).isEqualTo(FailureCode.DOWNLOAD_FAILED);
      assertThat(failure.sentence())
          .contains("no secure connection", "set download.ca_file to its CA");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void aCaFileThatCannotBeReadIsNamed() throws Exception {
    try (ScriptedServer server = secureServer()) {
      Failure failure =
          Samples.failure(
              () -> fetch(server, Optional.of(authority.resolveSibling("missing.pem"))));

      assertThat(failure.code()).isEqualTo(FailureCode.DOWNLOAD_FAILED);
      assertThat(failure.sentence()).contains("missing.pem", "see download.ca_file");
    }
  }
}

package io.github.childconnector.adapter.httpupload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.tls.Certificates;
import io.github.childconnector.tls.TlsContext;
import io.github.childconnector.tls.TlsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices that speak https, mostly with a certificate of their own making. */
@IntegrationTest
class SecureDeviceTest {
  private static final byte[] IMAGE = Bench.bytes(200_000);
  private static Path keys = Path.of(".");
  private static Optional<Certificates> certificates = Optional.empty();

  private final RecordingProgress progress = new RecordingProgress();
  private final Bench bench;
  private Optional<FakeBoard> board = Optional.empty();

  SecureDeviceTest(@TempDir Path directory) {
    bench = new Bench(directory);
  }

  @BeforeAll
  static void makeKeys(@TempDir Path directory) throws IOException {
    keys = directory;
    certificates = Optional.of(Certificates.authority(directory, "ca"));
  }

  @AfterEach
  void close() {
    board.ifPresent(FakeBoard::close);
  }

  private FakeBoard board(TlsSettings.Identity identity) throws IOException {
    TlsSettings settings = new TlsSettings(Optional.empty(), Optional.of(identity));
    FakeBoard made = new FakeBoard("https", TlsContext.of(settings).getServerSocketFactory());
    made.on(
        "POST /update",
        visit -> {
          visit.readBody();
          visit.answer("200 OK", "OK");
        });
    board = Optional.of(made);
    return made;
  }

  private static TlsSettings.Identity signedForAnotherHost() throws IOException {
    return certificates.orElseThrow().signFor("esp32.local", "device");
  }

  private static String digest(Path certificate) throws Exception {
    try (InputStream pem = Files.newInputStream(certificate)) {
      return DigestUtils.sha256Hex(
          CertificateFactory.getInstance("X.509").generateCertificate(pem).getEncoded());
    }
  }

  private void install(FakeBoard board, String trust) throws Exception {
    bench
        .adapter("url = \"" + board.url("/update") + "\"", trust)
        .install(bench.installation(IMAGE), progress);
  }

  @Test
  void aPinnedCertificateNeedsNoRightName() throws Exception {
    TlsSettings.Identity identity = signedForAnotherHost();
    FakeBoard board = board(identity);
    String digits = digest(identity.certificate()).toUpperCase(Locale.ROOT);

    install(board, "certificate_sha256 = \"" + digits.replaceAll("..(?=.)", "$0:") + "\"");
    assertThat(board.visits("POST /update").get(0).file()).isEqualTo(IMAGE);
  }

  @Test
  void anotherCertificateIsShownAndNothingIsSent() throws Exception {
    TlsSettings.Identity identity = signedForAnotherHost();
    FakeBoard board = board(identity);

    var failure =
        Bench.failure(() -> install(board, "certificate_sha256 = \"" + "0".repeat(64) + "\""));
    assertThat(failure.code()).isEqualTo(FailureCode.INSTALL_FAILED);
    assertThat(failure.sentence())
        .contains(
            "no secure connection could be made: TLS with the device failed (it shows a certificate with the SHA-256 "
                + digest(identity.certificate())
                + "; write that into certificate_sha256 if it is the device's)");
    assertThat(board.visits("POST /update")).isEmpty();
  }

  @Test
  void anAuthorityOfOnesOwnIsTrusted() throws Exception {
    FakeBoard board = board(certificates.orElseThrow().sign("right"));

    install(board, "ca_file = \"" + keys.resolve("ca.pem") + "\"");
    assertThat(board.visits("POST /update")).hasSize(1);
  }

  @Test
  void anAuthoritysCertificateNeedsTheRightName() throws Exception {
    FakeBoard board = board(signedForAnotherHost());

    assertThat(
            Bench.failure(() -> install(board, "ca_file = \"" + keys.resolve("ca.pem") + "\""))
                .sentence())
        .contains("no secure connection could be made");
    assertThat(board.visits("POST /update")).isEmpty();
  }

  @Test
  void nobodyElsesCertificateIsTrusted() throws Exception {
    FakeBoard board = board(certificates.orElseThrow().sign("unknown"));

    assertThat(Bench.failure(() -> install(board, "")).sentence())
        .contains("no secure connection could be made");
    assertThat(board.visits("POST /update")).isEmpty();
  }

  @Test
  void aCaFileThatCannotBeReadIsNamed() throws Exception {
    FakeBoard board = board(certificates.orElseThrow().sign("right"));

    assertThat(Bench.failure(() -> install(board, "ca_file = \"/no/such.pem\"")).sentence())
        .contains("/no/such.pem: there is no such file; see ca_file");
  }
}

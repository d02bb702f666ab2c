package io.github.childconnector.adapter.fuota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.IntegrationTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
@IntegrationTest
final class ServerIdentityTest {
  @TempDir Path directory;

  private X509Certificate made(String name) throws Exception {
    ServerIdentity own = new ServerIdentity(Optional.empty(), name, directory);
    own.context();
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(own.certificate())));
  }

  @Test
  void anAddressIsTheCommonNameAlone() throws Exception {
    X509Certificate certificate = made("192.168.1.1");
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=192.168.1.1");
    assertThat(certificate.getSubjectAlternativeNames()).isNull();
    assertThat(certificate.getPublicKey().getAlgorithm()).isEqualTo("RSA");
  }

  @Test
  void aHostHasItsNameAsAnAlternativeToo() throws Exception {
    assertThat(made("gateway.local").getSubjectAlternativeNames().toString())
        .contains("gateway.local");
  }

  @Test
  void theKeyIsForItsOwnerOnlyAndNothingElseIsLeft() throws Exception {
    made("192.168.1.1");
    Path key = directory.resolve("192.168.1.1.p12");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    assertThat(directory).isDirectoryNotContaining("glob:**.keytool*");
  }

  @Test
  void theCertificateIsReplacedAsAWholeAndOnlyWhereItIsAnother() throws Exception {
    X509Certificate made = made("192.168.1.1");
    Path pem = directory.resolve("192.168.1.1.pem");
    Object file = fileKey(pem);
    assertThat(made("192.168.1.1")).isEqualTo(made);
    assertThat(fileKey(pem)).isEqualTo(file);
    Files.writeString(pem, "-----BEGIN CERT");
    file = fileKey(pem);
    assertThat(made("192.168.1.1")).isEqualTo(made);
    assertThat(fileKey(pem)).isNotEqualTo(file);
    assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
  }

  private static Object fileKey(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  @Test
  void aDamagedKeyStoreIsToldAndNotReplaced() throws Exception {
    Path key = Files.writeString(directory.resolve("192.168.1.1.p12"), "damaged");
    assertThatThrownBy(() -> made("192.168.1.1")).isInstanceOf(IOException.class);
    assertThat(key).hasContent("damaged");
  }

  @Test
  void theFingerprintIsThatOfTheCertificate() throws Exception {
    made("192.168.1.1");
    assertThat(new ServerIdentity(Optional.empty(), "192.168.1.1", directory).fingerprint())
        .matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
  }
}

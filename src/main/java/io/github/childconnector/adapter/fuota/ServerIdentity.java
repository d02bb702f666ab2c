package io.github.childconnector.adapter.fuota;

import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.tls.TlsContext;
import io.github.childconnector.tls.TlsSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * How a server shows devices who it is: by a certificate that was given, or by one that it makes
 * for itself at its first start. The devices have it compiled in, so it is never made anew.
 *
 * <p>Java's keytool makes {@code NAME.p12} with the key, and {@code NAME.pem} is what is compiled
 * into the devices. For an address it has the address as its common name and no alternative name,
 * because mbed TLS 2, which the devices have, compares only names of hosts with alternative names.
 *
 * @param given the certificate and key of the operator
 * @param name what the devices call the server, which its own certificate is for
 * @param directory where its own certificate lies
 */
record ServerIdentity(Optional<TlsSettings.Identity> given, String name, Path directory) {
  private static final System.Logger LOG = System.getLogger(ServerIdentity.class.getName());
  private static final Disk DISK = new LocalDisk();
  private static final String ALIAS = "fuota";

  /** The file is what is protected; keytool wants a password all the same. */
  private static final String PASSWORD = "fuota-server";

  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final long KEYTOOL_SECONDS = 60;

  /** Makes the certificate if there is to be an own one that is not there yet. */
  SSLContext context() throws IOException {
    return given.isPresent()
        ? TlsContext.of(new TlsSettings(Optional.empty(), given))
        : ownContext();
  }

  /** The certificate's SHA-256, for example {@code 3A:0F:…}. */
  String fingerprint() throws IOException {
    Path file = certificate();
    try {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " holds no certificate: " + e.getMessage(), e);
    }
  }

  Path certificate() {
    return given
        .map(TlsSettings.Identity::certificate)
        .orElseGet(() -> directory.resolve(name + ".pem"));
  }

  private Path keyStore() {
    return directory.resolve(name + ".p12");
  }

  private SSLContext ownContext() throws IOException {
    if (!Files.exists(keyStore())) {
      make();
    }
    try {
      KeyStore store = KeyStore.getInstance(keyStore().toFile(), PASSWORD.toCharArray());
      show(pem(store));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(keyStore() + " cannot be used: " + e.getMessage(), e);
    }
  }

  /** Replaces the file as a whole: who builds firmware, or another connector, may be reading it. */
  private void show(String pem) throws IOException {
    byte[] text = pem.getBytes(StandardCharsets.US_ASCII);
    if (!Files.exists(certificate()) || !Arrays.equals(Files.readAllBytes(certificate()), text)) {
      DISK.replace(certificate(), text);
    }
  }

  private static String pem(KeyStore store) throws GeneralSecurityException {
    byte[] bytes = store.getCertificate(ALIAS).getEncoded();
    byte[] newline = {'\n'};
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, newline).encodeToString(bytes)
        + "\n-----END CERTIFICATE-----\n";
  }

  /** Devices are built for this key, so it must not be lost in a power cut. */
  private void make() throws IOException {
    DISK.createDirectory(directory);
    Path scratch = Files.createTempDirectory(directory, ".keytool");
    try {
      Path made = scratch.resolve("new.p12");
      run(made);
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
      try (Disk.Output output = DISK.append(made)) {
        output.force();
      }
      DISK.renameForGood(made, keyStore());
      LOG.log(
          Level.INFO,
          "Made a certificate for {0}: build {1} into the devices",
          name,
          certificate());
    } finally {
      Files.deleteIfExists(scratch.resolve("new.p12"));
      Files.delete(scratch);
    }
  }

  private void run(Path made) throws IOException {
    Process keytool = new ProcessBuilder(command(made)).redirectErrorStream(true).start();
    keytool.getOutputStream().close();
    try {
      if (!keytool.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IOException("keytool made no certificate for " + name + ": " + said(keytool));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a certificate was made", e);
    } finally {
      keytool.destroyForcibly();
    }
  }

  private static String said(Process keytool) throws IOException {
    if (keytool.isAlive()) {
      return "it does not end";
    }
    return new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  private List<String> command(Path made) {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    List<String> command = new ArrayList<>(List.of(keytool.toString(), "-genkeypair"));
    command.addAll(List.of("-alias", ALIAS, "-keyalg", "RSA", "-keysize", "2048"));
    command.addAll(List.of("-validity", "10950", "-dname", "CN=" + name));
    command.addAll(List.of("-storetype", "PKCS12", "-keystore", made.toString()));
    command.addAll(List.of("-storepass", PASSWORD));
    if (!ADDRESS.matcher(name).matches()) {
      command.addAll(List.of("-ext", "san=dns:" + name));
    }
    return command;
  }
}

package io.github.childconnector.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Makes the JDK's TLS context from PEM files. */
public final class TlsContext {
  private static final Pattern CERTIFICATE_FILE = Pattern.compile(".*\\.(pem|crt|0)");

  // The key store never leaves the memory of this process.
  private static final char[] NO_PASSWORD = {};

  private TlsContext() {}

  /**
   * Reads the files anew, so that a renewed certificate is found by the next connection.
   *
   * @throws IOException a file cannot be used; names the file, what is wrong and the remedy
   */
  public static SSLContext of(TlsSettings settings) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers(settings), trustManagers(settings), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot set up TLS: " + e.getMessage(), e);
    }
  }

  /**
   * The trust managers for {@link SSLContext#init}, whose null stands for the machine's own trust
   * store.
   */
  private static TrustManager @Nullable [] trustManagers(TlsSettings settings)
      throws IOException, GeneralSecurityException {
    TrustManager[] managers = null;
    if (settings.trust().isPresent()) {
      KeyStore store = emptyStore();
      for (X509Certificate certificate : trusted(settings.trust().get())) {
        store.setCertificateEntry("ca-" + store.size(), certificate);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      managers = factory.getTrustManagers();
    }
    return managers;
  }

  /**
   * The key managers for {@link SSLContext#init}, whose null stands for no certificate of our own.
   */
  private static KeyManager @Nullable [] keyManagers(TlsSettings settings)
      throws IOException, GeneralSecurityException {
    KeyManager[] managers = null;
    if (settings.identity().isPresent()) {
      TlsSettings.Identity identity = settings.identity().get();
      List<X509Certificate> chain = certificates(identity.certificate());
      KeyStore store = emptyStore();
      store.setKeyEntry(
          "identity",
          IdentityKey.read(identity, chain.get(0).getPublicKey()),
          NO_PASSWORD,
          chain.toArray(Certificate[]::new));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, NO_PASSWORD);
      managers = factory.getKeyManagers();
    }
    return managers;
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static List<X509Certificate> trusted(Path fileOrDirectory) throws IOException {
    return Files.isDirectory(fileOrDirectory)
        ? certificatesIn(fileOrDirectory)
        : certificates(fileOrDirectory);
  }

  private static List<X509Certificate> certificatesIn(Path directory) throws IOException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Path file : certificateFiles(directory)) {
      certificates.addAll(parse(file));
    }
    if (certificates.isEmpty()) {
      throw new IOException(
          "no certificate in " + directory + ": put CA certificates (*.pem, *.crt, *.0) there");
    }
    return certificates;
  }

  private static List<Path> certificateFiles(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(file -> CERTIFICATE_FILE.matcher(file.getFileName().toString()).matches())
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new IOException("cannot list " + directory + ": " + e.getMessage(), e);
    }
  }

  private static List<X509Certificate> certificates(Path file) throws IOException {
    List<X509Certificate> certificates = parse(file);
    if (certificates.isEmpty()) {
      throw new IOException(
          "no PEM certificate in %s: it must hold a block that begins with -----BEGIN CERTIFICATE-----"
              .formatted(file));
    }
    return certificates;
  }

  private static List<X509Certificate> parse(Path file) throws IOException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Pem.Block block : Pem.read(file)) {
      if (block.label().equals("CERTIFICATE")) {
        certificates.add(certificate(block, file));
      }
    }
    return certificates;
  }

  private static X509Certificate certificate(Pem.Block block, Path file) throws IOException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.bytes()));
    } catch (CertificateException e) {
      throw new IOException(
          "a certificate in " + file + " is damaged: copy the file again from its origin", e);
    }
  }
}

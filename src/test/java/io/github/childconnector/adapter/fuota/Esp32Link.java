package io.github.childconnector.adapter.fuota;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.NullMarked;

/**
 * How the simulated ESP32 speaks HTTPS: TLS 1.2, trusting one certificate, with the common name
 * compared as mbed TLS does.
 *
 * @param server its address and port, as the device calls it
 */
@NullMarked
record Esp32Link(String server, Path certificate) {
  private static final int PATIENCE_MILLIS = 30_000;

  HttpsURLConnection get(String path, String login) throws IOException {
    HttpsURLConnection connection = (HttpsURLConnection) url(path).openConnection();
    connection.setSSLSocketFactory(trusting().getSocketFactory());
    // Java would want an address as an alternative name.
    connection.setHostnameVerifier((host, session) -> host.equals(url(path).getHost()));
    connection.setConnectTimeout(PATIENCE_MILLIS);
    connection.setReadTimeout(PATIENCE_MILLIS);
    connection.setRequestProperty("User-Agent", "ESP32 HTTP Client/1.0");
    connection.setRequestProperty("Authorization", login);
    return connection;
  }

  private URL url(String path) {
    try {
      return new URL("https://" + server + path);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** As when the network goes: HttpsURLConnection would read on behind the scenes. */
  void breakOff(String path, String login) throws IOException {
    URL url = url(path);
    try (Socket socket = trusting().getSocketFactory().createSocket(url.getHost(), url.getPort())) {
      String request = "GET " + path + " HTTP/1.1\r\nAuthorization: " + login + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      socket.getInputStream().readNBytes(1000);
      socket.setSoLinger(true, 0);
    }
  }

  private SSLContext trusting() throws IOException {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      byte[] pem = Files.readAllBytes(certificate);
      store.setCertificateEntry(
          "server",
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(pem)));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLSv1.2");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }
}

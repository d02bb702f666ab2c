package io.github.childconnector.adapter.fuota;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.NullMarked;

/**
 * A device with the esp32-fuota client: polls, fetches, boots what it has fetched. What it runs is
 * in a file, so it can be cut off anywhere. An image says in its text which version it is.
 */
@NullMarked
public final class FakeEsp32 implements AutoCloseable {
  private static final Pattern VERSION = Pattern.compile("firmware ([\\w.+-]+?)(?=firmware|$)");
  private static final long PAUSE_NANOS = 20_000_000;

  /** What is wrong with it. */
  public enum Flaw {
    /** Nothing. */
    NONE,
    /** It fetches everything and goes on with what it had. */
    REFUSES,
    /** Its firmware was built with another version than the image's. */
    LIES,
    /** It loses its connection in the middle of each first fetch. */
    LOSES_ITS_CONNECTION
  }

  private final Path directory;
  private final String id;
  private final String server;
  private final Path certificate;
  private final String authorization;
  private final AtomicBoolean isOff = new AtomicBoolean();
  private volatile Flaw flaw = Flaw.NONE;
  private final AtomicInteger fetches = new AtomicInteger();
  private Optional<Thread> thread = Optional.empty();

  /** A device that runs {@code version} unless it has been there before, and is off. */
  public FakeEsp32(Path directory, String id, int port, Path certificate) {
    this.directory = directory;
    this.id = id;
    this.server = "https://127.0.0.1:" + port;
    this.certificate = certificate;
    this.authorization = basic(id, "secret-" + id);
  }

  static String basic(String name, String password) {
    byte[] login = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(login);
  }

  /** Puts this version on it. */
  public FakeEsp32 with(String version) {
    try {
      Files.writeString(Files.createDirectories(directory).resolve("version"), version);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Makes it go wrong in this way. */
  public FakeEsp32 with(Flaw next) {
    flaw = next;
    return this;
  }

  /** What it runs. */
  public String version() {
    try {
      return Files.readString(directory.resolve("version"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How often it has fetched a whole image. */
  public int fetches() {
    return fetches.get();
  }

  /** Switches it on: it polls until it is closed. */
  public FakeEsp32 on() {
    isOff.set(false);
    Thread polling = new Thread(this::run, "esp32-" + id);
    polling.start();
    thread = Optional.of(polling);
    return this;
  }

  private void run() {
    while (!isOff.get()) {
      try {
        cycle();
      } catch (IOException e) {
        // as the device: it tries again
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** One poll, with the fetch and the restart that it leads to; returns the status of the poll. */
  int cycle() throws IOException {
    HttpsURLConnection poll = get("/devices/" + id + "?app_ver=" + version());
    int status = poll.getResponseCode();
    if (status == 200) {
      int length = poll.getContentLength();
      String file = new String(poll.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
      fetch(file);
    }
    return status;
  }

  private void fetch(String file) throws IOException {
    if (flaw == Flaw.LOSES_ITS_CONNECTION) {
      flaw = Flaw.NONE;
      breakOff("/files/" + file);
      return;
    }
    HttpsURLConnection fetch = get("/files/" + file);
    if (fetch.getResponseCode() != 200) {
      return;
    }
    int length = fetch.getContentLength();
    try (InputStream body = fetch.getInputStream()) {
      byte[] image = body.readAllBytes();
      if (image.length == length) {
        fetches.incrementAndGet();
        boot(new String(image, StandardCharsets.ISO_8859_1));
      }
    }
  }

  /** As when the network goes: HttpsURLConnection would read on behind the scenes. */
  private void breakOff(String path) throws IOException {
    URL url = new URL(server + path);
    try (Socket socket = trusting().getSocketFactory().createSocket(url.getHost(), url.getPort())) {
      String request = "GET " + path + " HTTP/1.1\r\nAuthorization: " + authorization + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readNBytes(1000);
      socket.setSoLinger(true, 0);
    }
  }

  private void boot(String image) {
    Matcher version = VERSION.matcher(image);
    if (flaw == Flaw.LIES) {
      with("9.9");
    } else if (flaw != Flaw.REFUSES && version.find()) {
      with(version.group(1));
    }
  }

  /** A request as the device makes it. */
  HttpsURLConnection get(String path) throws IOException {
    return get(path, authorization);
  }

  HttpsURLConnection get(String path, String login) throws IOException {
    HttpsURLConnection connection = (HttpsURLConnection) new URL(server + path).openConnection();
    connection.setSSLSocketFactory(trusting().getSocketFactory());
    // Like mbed TLS: the common name is the address, which Java would want as an alternative name.
    connection.setHostnameVerifier((host, session) -> host.equals("127.0.0.1"));
    connection.setConnectTimeout(5000);
    connection.setReadTimeout(5000);
    connection.setRequestProperty("User-Agent", "ESP32 HTTP Client/1.0");
    connection.setRequestProperty("Authorization", login);
    return connection;
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

  /** Switches it off, wherever it is. */
  @Override
  public void close() {
    isOff.set(true);
    thread.ifPresent(
        polling -> {
          try {
            polling.join();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    thread = Optional.empty();
  }
}

package io.github.childconnector.http;

import io.github.childconnector.tls.TlsContext;
import io.github.childconnector.tls.TlsSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * HTTP clients, made when they are first needed: an idle daemon does without their 11 MiB, and one
 * that asks plain http only does without the machine's CA certificates. Whoever trusts the same
 * shares one; this Java cannot close a client, but collects one that nobody holds.
 *
 * <p>They follow no redirect, and use no proxy, whatever this Java is told of one: file servers and
 * devices are in the gateway's own network, where a proxy knows no device.
 */
public final class HttpClients {
  private static final String USER_AGENT = userAgent();

  private final Map<Trust, SSLContext> contexts;
  private final Map<Kind, HttpClient> clients = new HashMap<>();

  /** Clients that have talked to nobody yet. */
  public HttpClients() {
    this(new ConcurrentHashMap<>());
  }

  private HttpClients(Map<Trust, SSLContext> contexts) {
    this.contexts = contexts;
  }

  /**
   * The same trust, with connections of their own. A client keeps connections, and does not see
   * that a device has lost them with its power; a question can be asked again, but not an image.
   */
  public HttpClients anew() {
    return new HttpClients(contexts);
  }

  /**
   * The trust in whoever answers by https.
   *
   * @param tls the certificate authorities, and who we are
   * @param certificate the SHA-256, in lower-case hexadecimal digits, of the one certificate that
   *     is trusted; {@code tls} is not used beside it
   */
  public record Trust(TlsSettings tls, Optional<String> certificate) {}

  private record Kind(Optional<Trust> trust, Duration connectTimeout) {}

  /** A request that says who asks. */
  public static HttpRequest.Builder request(URI url) {
    return HttpRequest.newBuilder(url).setHeader("User-Agent", USER_AGENT);
  }

  private static String userAgent() {
    String version = HttpClients.class.getPackage().getImplementationVersion();
    return "tedge-child-connector" + (version == null ? "" : "/" + version);
  }

  /**
   * The client that may ask this address.
   *
   * @throws IOException a file of {@code trust} cannot be used; the message says why
   */
  public synchronized HttpClient of(URI url, Trust trust, Duration connectTimeout)
      throws IOException {
    boolean secure = url.getScheme().equalsIgnoreCase("https");
    Kind kind = new Kind(secure ? Optional.of(trust) : Optional.empty(), connectTimeout);
    HttpClient known = clients.get(kind);
    if (known == null) {
      known = build(kind);
      clients.put(kind, known);
    }
    return known;
  }

  private HttpClient build(Kind kind) throws IOException {
    try {
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .proxy(HttpClient.Builder.NO_PROXY)
          .connectTimeout(kind.connectTimeout())
          .sslContext(kind.trust().isPresent() ? context(kind.trust().get()) : trusting())
          .build();
    } catch (GeneralSecurityException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private SSLContext context(Trust trust) throws IOException, GeneralSecurityException {
    SSLContext known = contexts.get(trust);
    if (known == null) {
      known = made(trust);
      contexts.put(trust, known);
    }
    return known;
  }

  private static SSLContext made(Trust trust) throws IOException, GeneralSecurityException {
    return trust.certificate().isPresent()
        ? trusting(new CertificatePin(trust.certificate().get()))
        : TlsContext.of(trust.tls());
  }

  private static SSLContext trusting(TrustManager... managers) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[0], managers, null);
    return context;
  }
}

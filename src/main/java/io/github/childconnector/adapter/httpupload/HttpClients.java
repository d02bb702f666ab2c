package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.tls.TlsContext;
import io.github.childconnector.tls.TlsSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
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
 * The HTTP clients of this family, built when they are first needed and shared by the children that
 * trust the same: this Java cannot close a client, but collects one that nobody holds. Those that
 * ask plain http only do without the machine's CA certificates, which would cost megabytes.
 */
final class HttpClients {
  private final Map<Trust, SSLContext> contexts;
  private final Map<Kind, HttpClient> clients = new HashMap<>();

  HttpClients() {
    this(new ConcurrentHashMap<>());
  }

  private HttpClients(Map<Trust, SSLContext> contexts) {
    this.contexts = contexts;
  }

  /**
   * Clients that have talked to nobody yet. A client keeps connections, and does not see that a
   * device has lost them with its power; a question can be asked again, but not an image.
   */
  HttpClients anew() {
    return new HttpClients(contexts);
  }

  private record Kind(Optional<Trust> trust, Duration connectTimeout) {}

  /** The client that may ask this address. */
  synchronized HttpClient of(URI url, Trust trust, Duration connectTimeout)
      throws ExchangeException {
    boolean secure = url.getScheme().equalsIgnoreCase("https");
    Kind kind = new Kind(secure ? Optional.of(trust) : Optional.empty(), connectTimeout);
    HttpClient known = clients.get(kind);
    if (known == null) {
      known = build(kind);
      clients.put(kind, known);
    }
    return known;
  }

  private HttpClient build(Kind kind) throws ExchangeException {
    try {
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .proxy(HttpClient.Builder.NO_PROXY)
          .connectTimeout(kind.connectTimeout())
          .sslContext(kind.trust().isPresent() ? context(kind.trust().get()) : trusting())
          .build();
    } catch (IOException | GeneralSecurityException e) {
      throw new ExchangeException(
          ExchangeException.Kind.UNTRUSTED, String.valueOf(e.getMessage()) + "; see ca_file");
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
        : TlsContext.of(new TlsSettings(trust.caFile(), Optional.empty()));
  }

  private static SSLContext trusting(TrustManager... managers) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[0], managers, null);
    return context;
  }
}

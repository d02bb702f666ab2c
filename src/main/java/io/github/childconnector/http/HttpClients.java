package io.github.childconnector.http;

import static java.util.stream.Collectors.joining;

import io.github.childconnector.fault.Causes;
import io.github.childconnector.net.Authority;
import io.github.childconnector.tls.TlsContext;
import io.github.childconnector.tls.TlsSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * HTTP clients, made when they are first needed: an idle daemon does without their 11 MiB, and one
 * that asks plain http only does without the machine's CA certificates. Whoever trusts the same
 * shares one; this Java cannot close a client, but collects one that nobody holds.
 *
 * <p>They follow no redirect, and use no proxy, whatever this Java is told of one: file servers and
 * devices are in the gateway's own network, where a proxy knows no device.
 */
public final class HttpClients {
  /**
   * The most clients that are kept, each of which has a thread: those that were asked for last, so
   * that a trust which no setting names any more goes in the end.
   */
  static final int MOST = 64;

  private static final String USER_AGENT = userAgent();

  /** The JDK's list of headers that a request may set although the client would set them. */
  private static final String ALLOWED_HEADERS = "jdk.httpclient.allowRestrictedHeaders";

  /** Holds the place of a host that {@link URI} takes for none; nobody is asked by this name. */
  private static final String NO_HOST = "http://host.invalid";

  static {
    // Read by the JDK when the first request is made, which is made here.
    System.setProperty(
        ALLOWED_HEADERS,
        Stream.of(System.getProperty(ALLOWED_HEADERS, ""), "host")
            .filter(names -> !names.isEmpty())
            .collect(joining(",")));
  }

  private final Map<Trust, SSLContext> contexts;
  private final Map<Kind, HttpClient> clients = lastUsed();

  /** Clients that have talked to nobody yet. */
  public HttpClients() {
    this(lastUsed());
  }

  private HttpClients(Map<Trust, SSLContext> contexts) {
    this.contexts = contexts;
  }

  private static <K, V> Map<K, V> lastUsed() {
    return Collections.synchronizedMap(
        new LinkedHashMap<K, V>(MOST, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > MOST;
          }
        });
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

  /**
   * A client's kind.
   *
   * @param name the name that a certificate must hold, where an address is asked instead
   */
  private record Kind(Optional<Trust> trust, Duration connectTimeout, Optional<String> name) {}

  /**
   * The way to a host.
   *
   * @param url what the client is asked for
   * @param host who is meant, where that is an address
   */
  record Route(URI url, Optional<Authority> host) {
    /** The same request on this way. */
    HttpRequest of(HttpRequest request) {
      HttpRequest.Builder builder = HttpRequest.newBuilder(request, (name, value) -> true).uri(url);
      host.ifPresent(meant -> builder.setHeader("Host", meant.header()));
      return builder.build();
    }
  }

  /**
   * A request that says who asks; {@link #send} takes it, since it may hold a host in place of
   * another.
   */
  public static HttpRequest.Builder request(URI url) {
    URI carried = url.getHost() == null ? URI.create(NO_HOST + path(url)) : url;
    return HttpRequest.newBuilder(carried).setHeader("User-Agent", USER_AGENT);
  }

  private static String path(URI url) {
    return url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
  }

  /**
   * The one who is asked.
   *
   * @param url the address, in which {@link URI} may see no host although there is one
   * @param authority the host and port in it, the host with its zone
   */
  public record Target(URI url, Authority authority) {
    boolean isSecure() {
      return url.getScheme().equalsIgnoreCase("https");
    }
  }

  /**
   * Begins to ask.
   *
   * @param request was made by {@link #request} for the target
   */
  public <T> Exchange<T> send(
      Target target, HttpRequest request, Terms terms, HttpResponse.BodyHandler<T> handler) {
    Exchange<T> exchange = new Exchange<>(this, target, terms);
    exchange.begin(request, handler);
    return exchange;
  }

  private static String userAgent() {
    String version = HttpClients.class.getPackage().getImplementationVersion();
    return "tedge-child-connector" + (version == null ? "" : "/" + version);
  }

  /** The client for this way. */
  HttpClient of(URI url, Route route, Terms terms) throws IOException {
    return of(url, terms.trust(), terms.connect(), route.host().map(Authority::host));
  }

  /**
   * The client that may ask this address.
   *
   * @param name the name that a certificate must hold, where an address is asked instead
   * @throws ConnectException nobody can be asked at the moment
   * @throws IOException a file of {@code trust} cannot be used; the message says why
   */
  synchronized HttpClient of(URI url, Trust trust, Duration connectTimeout, Optional<String> name)
      throws IOException {
    boolean secure = url.getScheme().equalsIgnoreCase("https");
    Kind kind =
        secure
            ? new Kind(Optional.of(trust), connectTimeout, name)
            : new Kind(Optional.empty(), connectTimeout, Optional.empty());
    HttpClient known = clients.get(kind);
    if (known == null) {
      known = build(kind);
      clients.put(kind, known);
    }
    return known;
  }

  /**
   * Loads the one thing of Java's that the first client reads from a file and that could never be
   * loaded in this process again, if it failed then for want of a descriptor: its rules for
   * cryptography. They are small; all of a client is not.
   */
  public static void prepare() {
    try {
      int unused = Cipher.getMaxAllowedKeyLength("AES");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no AES", e);
    }
  }

  private HttpClient build(Kind kind) throws IOException {
    try {
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .proxy(HttpClient.Builder.NO_PROXY)
          .connectTimeout(kind.connectTimeout())
          .sslContext(context(kind))
          .build();
    } catch (GeneralSecurityException e) {
      throw new IOException(e.getMessage(), e);
    } catch (UncheckedIOException e) {
      // It could not open what it waits on connections with, mostly for want of descriptors.
      throw new ConnectException("no socket could be opened" + Causes.lastMessage(e));
    }
  }

  private SSLContext context(Kind kind) throws IOException, GeneralSecurityException {
    if (kind.trust().isEmpty()) {
      return trusting();
    }
    SSLContext context = context(kind.trust().get());
    return kind.name().isPresent() ? TlsContext.named(context, kind.name().get()) : context;
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

  /**
   * Trusts one certificate, whatever name and dates stand in it: those that devices sign for
   * themselves are right in neither.
   */
  private static final class CertificatePin extends X509ExtendedTrustManager {
    private final String pinned;

    /** Trusts the certificate with this SHA-256, in lower-case hexadecimal digits. */
    CertificatePin(String pinned) {
      this.pinned = pinned;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
      String seen = digest(chain[0]);
      if (!seen.equals(pinned)) {
        throw new CertificateException(
            "it shows a certificate with the SHA-256 %s; write that into certificate_sha256 if it is the device's"
                .formatted(seen));
      }
    }

    private static String digest(X509Certificate certificate) throws CertificateException {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        return HexFormat.of().formatHex(digest.digest(certificate.getEncoded()));
      } catch (NoSuchAlgorithmException e) {
        throw new CertificateException(e);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw noClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw noClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      throw noClients();
    }

    private static CertificateException noClients() {
      return new CertificateException("nobody connects to us");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

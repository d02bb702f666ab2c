package io.github.childconnector.image;

import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.tls.TlsContext;
import java.io.IOException;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP clients of this process, built when they are first needed: an idle daemon does without
 * their 11 MiB, and one that asks plain http only does without the machine's CA certificates.
 *
 * <p>There is one for http and one for https; this Java cannot close a client, so they stay.
 */
final class HttpClients {
  private final DownloadSettings settings;
  private @Nullable HttpClient plain;
  private @Nullable HttpClient secure;

  HttpClients(DownloadSettings settings) {
    this.settings = settings;
  }

  /** The client that may ask this address. */
  synchronized HttpClient of(ImageUrl url) throws UpdateException {
    return url.isSecure() ? secure() : plain();
  }

  private HttpClient plain() throws UpdateException {
    if (plain == null) {
      plain = build(HttpClients::trustNobody);
    }
    return plain;
  }

  private HttpClient secure() throws UpdateException {
    if (secure == null) {
      secure = build(() -> TlsContext.of(settings.tls()));
    }
    return secure;
  }

  private HttpClient build(TlsSource tls) throws UpdateException {
    try {
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(settings.stallTimeout())
          .sslContext(tls.context())
          .build();
    } catch (IOException | GeneralSecurityException e) {
      throw new UpdateException(
          FailureCode.DOWNLOAD_FAILED,
          "No image can be fetched: %s; see download.ca_file.".formatted(e.getMessage()),
          e);
    }
  }

  private static SSLContext trustNobody() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[0], new TrustManager[0], null);
    return context;
  }

  /** Makes what a client secures its connections with. */
  private interface TlsSource {
    SSLContext context() throws IOException, GeneralSecurityException;
  }
}

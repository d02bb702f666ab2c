package io.github.childconnector.http;

import io.github.childconnector.http.HttpClients.Route;
import io.github.childconnector.http.HttpClients.Target;
import io.github.childconnector.net.Dialer;
import io.github.childconnector.net.Hosts;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A request under way, to a host by whichever name a resolver takes and whichever of its addresses
 * answers.
 *
 * <p>The JDK's client only asks hosts whose names {@link URI} takes for one, and only their first
 * address. So a host is looked up first. One with a usual name and one address is left to the
 * client, by name. Else an address stands in the URL, the first that takes a connection, and the
 * name in the header {@code Host}; the server's certificate must still be for the name, for which
 * see {@link io.github.childconnector.tls.TlsContext#named}. Since the client keeps connections,
 * the one that was tried is closed again.
 *
 * @param <T> the body of the answer
 */
public final class Exchange<T> {
  private final HttpClients clients;
  private final Target target;
  private final Terms terms;
  private final Dialer dialer = new Dialer();
  private final CompletableFuture<HttpResponse<T>> coming = new CompletableFuture<>();
  private Optional<CompletableFuture<HttpResponse<T>>> sent = Optional.empty();

  Exchange(HttpClients clients, Target target, Terms terms) {
    this.clients = clients;
    this.target = target;
    this.terms = terms;
  }

  /** The answer, as far as the body's subscriber lets it be; cancelled by {@link #abandon}. */
  public CompletableFuture<HttpResponse<T>> coming() {
    return coming;
  }

  void begin(HttpRequest request, BodyHandler<T> handler) {
    if (isUsual() && Hosts.literal(target.authority().host()).isPresent()) {
      send(new Route(target.url(), Optional.empty()), request, handler);
    } else {
      terms.threads().daemon("http-connect", () -> seek(request, handler)).start();
    }
  }

  private void seek(HttpRequest request, BodyHandler<T> handler) {
    try {
      send(route(), request, handler);
    } catch (IOException | RuntimeException | Error e) {
      coming.completeExceptionally(e);
    }
  }

  private Route route() throws IOException {
    List<InetAddress> addresses = Hosts.addresses(target.authority().host());
    if (isUsual() && addresses.size() == 1) {
      return new Route(target.url(), Optional.empty());
    }
    InetAddress address = addresses.size() == 1 ? addresses.get(0) : answering(addresses);
    return new Route(
        target.authority().in(target.url(), Hosts.inUrl(address)), Optional.of(target.authority()));
  }

  private InetAddress answering(List<InetAddress> addresses) throws IOException {
    try (Socket socket =
        dialer.connect(addresses, target.authority().port(target.url()), terms.connect())) {
      return socket.getInetAddress();
    }
  }

  /** Whether the JDK's client can ask by this name, and with it in the header. */
  private boolean isUsual() {
    String host = target.authority().host();
    return target.url().getHost() != null && !host.contains("%") && !host.endsWith(".");
  }

  private void send(Route route, HttpRequest request, BodyHandler<T> handler) {
    try {
      CompletableFuture<HttpResponse<T>> answer =
          clients.of(target.url(), route, terms).sendAsync(route.of(request), handler);
      keep(answer);
      CompletableFuture<?> unused =
          answer.whenComplete(
              (response, fault) -> {
                if (fault == null) {
                  coming.complete(response);
                } else {
                  coming.completeExceptionally(fault);
                }
              });
    } catch (ConnectException e) {
      coming.completeExceptionally(e);
    } catch (IOException e) {
      coming.completeExceptionally(new TrustException(e));
    }
  }

  private void keep(CompletableFuture<HttpResponse<T>> answer) {
    boolean isWanted;
    synchronized (this) {
      sent = Optional.of(answer);
      isWanted = !coming.isDone();
    }
    if (!isWanted) {
      end(answer);
    }
  }

  private static void end(CompletableFuture<?> answer) {
    answer.cancel(true);
    // Where headers cannot be parsed, the client forgets to close the connection; what derives
    // from its future still can.
    answer.newIncompleteFuture().cancel(true);
  }

  /** Gives the request up and ends its connection. */
  public void abandon() {
    abandon(late -> {});
  }

  /** Does the same; an answer that has come just before is handed to {@code late}. */
  public void abandon(Consumer<T> late) {
    coming.cancel(true);
    try {
      dialer.close();
    } catch (IOException e) {
      // It has no connection any more.
    }
    Optional<CompletableFuture<HttpResponse<T>>> answer;
    synchronized (this) {
      answer = sent;
    }
    answer.ifPresent(
        it -> {
          end(it);
          CompletableFuture<?> unused = it.thenAccept(response -> late.accept(response.body()));
        });
  }

  /** A file that says whom to trust, or who we are, cannot be used. */
  public static final class TrustException extends IOException {
    private static final long serialVersionUID = 1L;

    TrustException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }
}

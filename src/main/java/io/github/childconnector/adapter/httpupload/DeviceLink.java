package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.httpupload.Access.Authorization;
import io.github.childconnector.adapter.httpupload.Reply.ReplyBody;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.http.Exchange;
import io.github.childconnector.http.Exchange.TrustException;
import io.github.childconnector.http.HttpClients;
import io.github.childconnector.http.HttpClients.Target;
import io.github.childconnector.http.HttpFault;
import io.github.childconnector.http.HttpFault.Kind;
import io.github.childconnector.http.Terms;
import io.github.childconnector.tls.TlsFault.Words;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Asks the device, in one call, with what proves who we are. The thread that waits for an answer is
 * the one that watches the time.
 */
final class DeviceLink {
  private static final Words WORDS =
      new Words(
          "the device",
          "begin its address with http://, or correct its port",
          "ask by a name it holds, or set certificate_sha256",
          "ca_file or certificate_sha256",
          "no certificate of ours can be shown to devices; let it do without");

  private static final int MAX_TRIES = 3;
  private static final int LOOK_MILLIS = 100;

  private final HttpUploadSettings settings;
  private final Authorization authorization;
  private final HttpClients clients;
  private final MonotonicClock clock;

  DeviceLink(
      HttpUploadSettings settings,
      Authorization authorization,
      HttpClients clients,
      MonotonicClock clock) {
    this.settings = settings;
    this.authorization = authorization;
    this.clients = clients;
    this.clock = clock;
  }

  /** Makes a request anew, and {@link #send sends} it. */
  interface Try {
    Reply reply() throws IOException, InterruptedException;
  }

  Reply get(Target target) throws IOException, InterruptedException {
    return ask(() -> send(target, HttpClients.request(target.url()), transfer(0, percent -> {})));
  }

  /** Watches a body with this many bytes; {@code percent} is told how far it is. */
  Transfer transfer(long total, IntConsumer percent) {
    return new Transfer(total, settings.limits(), clock, percent);
  }

  boolean needsChallenge() {
    return authorization.needsChallenge();
  }

  /** Asks; where the device wants another proof of who we are, a bounded number of times. */
  Reply ask(Try question) throws IOException, InterruptedException {
    for (int tries = 1; ; tries++) {
      Reply reply = question.reply();
      if (!reply.isUnauthorized() || tries == MAX_TRIES || !authorization.learn(reply)) {
        return reply;
      }
    }
  }

  /**
   * Sends a request, and waits for its answer, which may break off in its body; the connection is
   * given up where there is none.
   *
   * @throws ExchangeException there is no answer
   */
  Reply send(Target target, HttpRequest.Builder request, Transfer transfer)
      throws ExchangeException, InterruptedException {
    settings.access().headers().forEach(request::setHeader);
    HttpRequest bare = request.build();
    authorization
        .header(bare.method(), target.url())
        .ifPresent(value -> request.setHeader("Authorization", value));
    return exchange(target, request.build(), transfer);
  }

  private Reply exchange(Target target, HttpRequest request, Transfer transfer)
      throws ExchangeException, InterruptedException {
    BlockingQueue<ReplyBody> begun = clock.threads().queue();
    Terms terms =
        new Terms(settings.access().trust(), settings.limits().connect(), clock.threads());
    Exchange<ReplyBody> exchange = clients.send(target, request, terms, head -> begin(begun, head));
    CompletableFuture<HttpResponse<ReplyBody>> coming = exchange.coming();
    try {
      ReplyBody body = await(coming, transfer).body();
      transfer.report();
      return Reply.of(body);
    } catch (ExecutionException e) {
      // The client may fail a request whose body breaks off before it has asked for what came.
      Optional<ReplyBody> body = Optional.ofNullable(begun.poll());
      if (body.isPresent()) {
        return Reply.of(body.get());
      }
      transfer.ended();
      throw ExchangeException.of(e.getCause() == null ? e : e.getCause(), transfer);
    } catch (CancellationException e) {
      throw ExchangeException.of(e, transfer);
    } finally {
      if (!coming.isDone() || coming.isCompletedExceptionally()) {
        exchange.abandon();
      }
    }
  }

  private static ReplyBody begin(BlockingQueue<ReplyBody> begun, HttpResponse.ResponseInfo head) {
    ReplyBody body = new ReplyBody(head);
    begun.add(body);
    return body;
  }

  private <T> T await(CompletableFuture<T> coming, Transfer transfer)
      throws ExchangeException, ExecutionException, InterruptedException {
    BlockingQueue<Boolean> ends = clock.threads().queue();
    CompletableFuture<T> unused = coming.whenComplete((value, fault) -> ends.add(true));
    while (ends.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS) == null) {
      transfer.look();
    }
    return clock.threads().await(coming);
  }

  /** A request got no answer; the message is the end of a sentence that says why. */
  static final class ExchangeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    ExchangeException(Kind kind, String why) {
      super(why);
      this.kind = kind;
    }

    private ExchangeException(HttpFault fault, Throwable cause) {
      super(fault.why(), cause);
      this.kind = fault.kind();
    }

    /** Puts into words what the HTTP client has thrown. */
    static ExchangeException of(Throwable fault, Transfer transfer) {
      if (fault instanceof ExchangeException told) {
        return told;
      }
      if (fault instanceof TrustException) {
        return new ExchangeException(Kind.UNTRUSTED, fault.getMessage() + "; see ca_file");
      }
      HttpFault seen = HttpFault.of(fault, "connect_timeout", WORDS);
      boolean broken =
          seen.kind() == Kind.BROKEN
              || (Set.of(Kind.UNTRUSTED, Kind.INSECURE).contains(seen.kind())
                  && !transfer.isUntouched());
      return new ExchangeException(
          broken ? HttpFault.broken(fault, transfer.progress()) : seen, fault);
    }

    Kind kind() {
      return kind;
    }
  }
}

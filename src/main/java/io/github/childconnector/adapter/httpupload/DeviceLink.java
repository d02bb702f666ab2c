package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.http.HttpClients;
import io.github.childconnector.http.HttpFault.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.function.IntConsumer;

/** Asks the device, in one call, with what proves who we are. */
final class DeviceLink {
  private static final int MAX_TRIES = 3;

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

  /** A question, made anew for each try. */
  interface Question {
    HttpRequest.Builder request() throws IOException;

    Transfer transfer();

    /** Lets go of what the request holds. */
    default void close() {}
  }

  Reply get(URI url) throws IOException, InterruptedException {
    return ask(
        new Question() {
          @Override
          public HttpRequest.Builder request() {
            return HttpClients.request(url);
          }

          @Override
          public Transfer transfer() {
            return Transfer.ofNothing(settings.limits(), clock);
          }
        });
  }

  Transfer transfer(long total, IntConsumer percent) {
    return Transfer.of(total, settings.limits(), clock, percent);
  }

  boolean needsChallenge() {
    return authorization.needsChallenge();
  }

  /** Asks; where the device wants another proof of who we are, a bounded number of times. */
  Reply ask(Question question) throws IOException, InterruptedException {
    for (int tries = 1; ; tries++) {
      Reply reply = once(question);
      if (!reply.isUnauthorized() || tries == MAX_TRIES || !authorization.learn(reply)) {
        return reply;
      }
    }
  }

  private Reply once(Question question) throws IOException, InterruptedException {
    try {
      HttpRequest.Builder request = question.request();
      settings.access().headers().forEach(request::setHeader);
      HttpRequest bare = request.build();
      authorization
          .header(bare.method(), bare.uri())
          .ifPresent(value -> request.setHeader("Authorization", value));
      return new Exchange(client(bare.uri()), question.transfer()).send(request.build());
    } finally {
      question.close();
    }
  }

  private HttpClient client(URI url) throws ExchangeException {
    try {
      return clients.of(url, settings.access().trust(), settings.limits().connect());
    } catch (IOException e) {
      throw new ExchangeException(Kind.UNTRUSTED, e.getMessage() + "; see ca_file");
    }
  }
}

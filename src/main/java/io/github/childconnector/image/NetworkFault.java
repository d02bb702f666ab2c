package io.github.childconnector.image;

import io.github.childconnector.fault.Causes;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CancellationException;
import javax.net.ssl.SSLException;

/** Puts what the HTTP client throws into words, and decides whether another try may help. */
final class NetworkFault {

  private NetworkFault() {}

  /** The failed try of which {@code fault} is a sign; throws where another try is useless. */
  static TryFailedException of(Throwable fault, StallWatch watch, ImageUrl url)
      throws UpdateException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (watch.tripped()) {
      return new TryFailedException(watch.verdict());
    }
    if (fault instanceof IOException || fault instanceof CancellationException) {
      return new TryFailedException(describe(fault), fault);
    }
    // The client throws IllegalArgumentException for a Content-Length beyond a long, for example.
    throw new UpdateException(
        FailureCode.DOWNLOAD_REFUSED,
        "The answer to %s cannot be understood%s; check which server answers there."
            .formatted(url, Causes.lastMessage(fault)),
        fault);
  }

  private static String describe(Throwable fault) {
    if (Causes.find(fault, UnresolvedAddressException.class, UnknownHostException.class)
        .isPresent()) {
      return "the host name is not known here";
    }
    if (Causes.find(fault, HttpTimeoutException.class).isPresent()) {
      return "no connection could be made in time (download.stall_timeout)";
    }
    String message = Causes.lastMessage(fault);
    if (Causes.find(fault, ConnectException.class).isPresent()) {
      return "no connection could be made" + message;
    }
    if (Causes.find(fault, SSLException.class).isPresent()) {
      return "no secure connection could be made%s; see download.ca_file".formatted(message);
    }
    return "the connection broke" + message;
  }
}

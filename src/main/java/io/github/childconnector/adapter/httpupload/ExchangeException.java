package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.fault.Causes;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/** A request got no answer; the message is the end of a sentence that says why. */
final class ExchangeException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** Why there was no answer. */
  enum Kind {
    /** There was no connection. */
    UNREACHABLE,
    /** The device could not be trusted. */
    UNTRUSTED,
    /** The connection ended. */
    BROKEN,
    /** Nothing came in time. */
    SILENT,
    /** What came is no HTTP. */
    UNREADABLE
  }

  ExchangeException(Kind kind, String why) {
    super(why);
    this.kind = kind;
  }

  private ExchangeException(Kind kind, String why, Throwable cause) {
    super(why, cause);
    this.kind = kind;
  }

  /** Puts into words what the HTTP client has thrown. */
  static ExchangeException of(Throwable fault, Transfer transfer) {
    if (fault instanceof ExchangeException told) {
      return told;
    }
    String message = Causes.lastMessage(fault);
    if (Causes.find(fault, UnresolvedAddressException.class, UnknownHostException.class)
        .isPresent()) {
      return new ExchangeException(Kind.UNREACHABLE, "its host name is not known here", fault);
    }
    if (Causes.find(fault, HttpConnectTimeoutException.class).isPresent()) {
      return new ExchangeException(
          Kind.UNREACHABLE, "no connection could be made in time (connect_timeout)", fault);
    }
    if (Causes.find(fault, ConnectException.class, NoRouteToHostException.class).isPresent()) {
      return new ExchangeException(
          Kind.UNREACHABLE, "no connection could be made" + message, fault);
    }
    if (transfer.isUntouched() && Causes.find(fault, SSLException.class).isPresent()) {
      return new ExchangeException(
          Kind.UNTRUSTED, "no secure connection could be made" + message, fault);
    }
    return fault instanceof IOException
        ? broken(fault, transfer)
        : new ExchangeException(Kind.UNREADABLE, "its answer is no HTTP" + message, fault);
  }

  private static ExchangeException broken(Throwable fault, Transfer transfer) {
    String when = transfer.isComplete() ? " without an answer" : " after " + transfer.extent();
    return new ExchangeException(
        Kind.BROKEN, "the connection ended" + when + Causes.lastMessage(fault), fault);
  }

  Kind kind() {
    return kind;
  }
}

package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.http.HttpFault;
import io.github.childconnector.http.HttpFault.Kind;
import java.io.IOException;

/** A request got no answer; the message is the end of a sentence that says why. */
final class ExchangeException extends IOException {
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
    HttpFault seen = HttpFault.of(fault, "connect_timeout");
    boolean broken =
        seen.kind() == Kind.BROKEN || (seen.kind() == Kind.UNTRUSTED && !transfer.isUntouched());
    return new ExchangeException(
        broken ? HttpFault.broken(fault, transfer.progress()) : seen, fault);
  }

  Kind kind() {
    return kind;
  }
}

package io.github.childconnector.http;

import io.github.childconnector.fault.Causes;
import io.github.childconnector.fault.LastingFault;
import io.github.childconnector.tls.TlsFault;
import io.github.childconnector.tls.TlsFault.Words;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CancellationException;
import javax.net.ssl.SSLException;

/**
 * Why a request got no answer, or not the whole of one.
 *
 * @param kind what that means for whoever asked
 * @param why what has happened, as the end of a sentence
 */
public record HttpFault(Kind kind, String why) {

  /** The meaning of a fault for whoever asked. */
  public enum Kind {
    /** No connection was made, and nothing was sent. */
    UNREACHABLE,
    /** No secure connection can be made before somebody changes something. */
    UNTRUSTED,
    /** No secure connection was made this time. */
    INSECURE,
    /** The connection ended. */
    BROKEN,
    /** Nothing came in time. */
    SILENT,
    /** The answer is no HTTP. */
    UNREADABLE
  }

  /**
   * Puts into words what an HTTP client has thrown before anything was sent.
   *
   * @param connectTimeout the configuration's key that bounds the making of a connection
   * @param words who was asked, and which settings matter for https
   */
  public static HttpFault of(Throwable fault, String connectTimeout, Words words) {
    LastingFault.rethrow(fault);
    String message = Causes.lastMessage(fault);
    if (is(fault, UnresolvedAddressException.class, UnknownHostException.class)) {
      return new HttpFault(Kind.UNREACHABLE, "the host name is not known here");
    }
    if (is(fault, HttpTimeoutException.class, SocketTimeoutException.class)) {
      return new HttpFault(
          Kind.UNREACHABLE, "no connection could be made in time (" + connectTimeout + ")");
    }
    if (is(fault, ConnectException.class, NoRouteToHostException.class)) {
      return new HttpFault(Kind.UNREACHABLE, "no connection could be made" + message);
    }
    if (is(fault, SSLException.class)) {
      TlsFault seen = TlsFault.of(fault, words);
      return new HttpFault(
          seen.isLasting() ? Kind.UNTRUSTED : Kind.INSECURE,
          "no secure connection could be made: " + seen.sentence());
    }
    return fault instanceof IOException || fault instanceof CancellationException
        ? broken(fault, "")
        : new HttpFault(Kind.UNREADABLE, "the answer is no HTTP" + message);
  }

  /**
   * Puts into words what has ended a connection.
   *
   * @param when how far the request or its answer had come, for example {@code " without an
   *     answer"}
   */
  public static HttpFault broken(Throwable fault, String when) {
    LastingFault.rethrow(fault);
    return new HttpFault(Kind.BROKEN, "the connection ended" + when + Causes.lastMessage(fault));
  }

  private static boolean is(Throwable fault, Class<?>... kinds) {
    return Causes.find(fault, kinds).isPresent();
  }
}

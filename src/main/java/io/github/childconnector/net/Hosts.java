package io.github.childconnector.net;

import java.net.IDN;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names and addresses of hosts, in one spelling each: lower-case, a name with letters beyond
 * ASCII in its form for the name service, an IPv6 address without brackets.
 *
 * <pre>
 * Tedge_Main            tedge_main       (what java.net.URI takes for no host)
 * gw.example.           gw.example.      (the dot keeps search domains out)
 * Zähler.local          xn--zhler-gra.local
 * [FE80::1%25eth0]      fe80::1%eth0     (as RFC 6874 writes it in a URL)
 * </pre>
 */
public final class Hosts {
  private static final Pattern BRACKETS = Pattern.compile("\\[(.*)]");
  private static final Pattern NAME = Pattern.compile("[^\\s/\\\\:@?#%\\[\\]]{1,253}");

  /** A zone is the name of a network interface, in which upper and lower case differ. */
  private static final Pattern IPV6 =
      Pattern.compile("([0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*)(%[^\\s/%\\[\\]]{1,15})?");

  /** The numbers that a resolver takes for an IPv4 address, short forms such as 127.1 included. */
  private static final Pattern IPV4 = Pattern.compile("\\d{1,10}(\\.\\d{1,10}){0,3}");

  private static final Pattern ASCII = Pattern.compile("\\p{ASCII}*");

  /** The names of this machine that need no name service. */
  private static final Pattern LOCAL_NAME =
      Pattern.compile("(.+\\.)?localhost|localhost\\.localdomain|ip6-(localhost|loopback)");

  private Hosts() {}

  /** The one spelling of a host; empty if the text is none. */
  public static Optional<String> parse(String text) {
    Matcher brackets = BRACKETS.matcher(text);
    String bare = brackets.matches() ? brackets.group(1).replaceFirst("%25", "%") : text;
    int zone = bare.indexOf('%') < 0 ? bare.length() : bare.indexOf('%');
    String host = bare.substring(0, zone).toLowerCase(Locale.ROOT) + bare.substring(zone);
    if (IPV6.matcher(host).matches()) {
      return Optional.of(host);
    }
    return brackets.matches()
        ? Optional.empty()
        : ascii(host).filter(name -> NAME.matcher(name).matches());
  }

  private static Optional<String> ascii(String name) {
    try {
      return Optional.of(
          ASCII.matcher(name).matches() ? name : IDN.toASCII(name).toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether two hosts are one for whoever allows it: a dot at the end makes no difference. */
  public static boolean isSame(String host, String other) {
    return undotted(host).equals(undotted(other));
  }

  /** A host as certificates name it: without the dot at its end, and without a zone. */
  public static String inCertificates(String host) {
    return undotted(unzoned(host));
  }

  /** A host as it stands in a URL and in the header {@code Host}: IPv6 in brackets, no zone. */
  public static String inUrl(String host) {
    String unzoned = unzoned(host);
    return unzoned.contains(":") ? "[" + unzoned + "]" : unzoned;
  }

  private static String undotted(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  private static String unzoned(String host) {
    return host.replaceFirst("%.*", "");
  }

  /**
   * Whether a host always means the machine that says it: {@code localhost}, 127.x.x.x and ::1 in
   * every spelling, and the addresses 0.0.0.0 and ::, which are everybody's own.
   */
  public static boolean isThisMachine(String host) {
    return LOCAL_NAME.matcher(undotted(host)).matches()
        || literal(host)
            .filter(address -> address.isLoopbackAddress() || address.isAnyLocalAddress())
            .isPresent();
  }

  /** Whether a host is an address at which one listens, but which nobody should ask. */
  public static boolean isAnyAddress(String host) {
    return literal(host).filter(InetAddress::isAnyLocalAddress).isPresent();
  }

  /** The address that a text writes; empty if it is a name. */
  public static Optional<InetAddress> literal(String host) {
    if (!IPV4.matcher(host).matches() && !IPV6.matcher(host).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /**
   * Asks the name service for all addresses of a host, in the order in which they are to be tried.
   * The names of this machine have its addresses of both families, as RFC 6761 wants it; not every
   * {@code /etc/hosts} says so.
   *
   * @throws UnknownHostException there is none
   */
  public static List<InetAddress> addresses(String host) throws UnknownHostException {
    if (!LOCAL_NAME.matcher(undotted(host)).matches()) {
      return List.of(InetAddress.getAllByName(host));
    }
    return Stream.of("127.0.0.1", "::1").flatMap(here -> literal(here).stream()).toList();
  }

  /** An address as a URL takes it; a zone is given by its number, which every Java reads there. */
  public static String inUrl(InetAddress address) {
    String written = unzoned(address.getHostAddress());
    if (address instanceof Inet6Address ipv6) {
      int zone = ipv6.getScopeId();
      return "[" + written + (zone > 0 ? "%" + zone : "") + "]";
    }
    return written;
  }
}

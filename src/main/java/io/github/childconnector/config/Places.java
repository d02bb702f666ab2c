package io.github.childconnector.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The kinds of values that say where something is: files, directories and hosts. */
final class Places {
  /** A directory, which need not be there yet. */
  static final Kind<Path> DIRECTORY = Kind.scalar(Places::absolute, Places::written);

  /** A file this user can read. */
  static final Kind<Path> FILE = Kind.scalar(Places::file, Places::written);

  /** A file or a directory this user can read. */
  static final Kind<Path> FILE_OR_DIRECTORY = Kind.scalar(Places::readable, Places::written);

  /** A host name or an address, lower-case, an IPv6 address without brackets. */
  static final Kind<String> HOST = Kind.scalar(Places::host, Text::quoted);

  static final Kind<Set<String>> HOSTS = Kind.list(Places::hosts, Text::list);

  private static final Pattern BRACKETS = Pattern.compile("^\\[(.*)]$");
  private static final Pattern NAME = Pattern.compile("[^\\s/:@?#\\[\\]]{1,253}");
  private static final Pattern IPV6 =
      Pattern.compile("[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*(%\\w+)?");
  private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.[0-9.]+|::1");

  private Places() {}

  /** Whether a host name or address always means this machine itself. */
  static boolean isLoopback(String host) {
    return LOOPBACK.matcher(host).matches();
  }

  private static String written(Path path) {
    return Text.quoted(path.toString());
  }

  private static Path absolute(Node node) throws BadValueException {
    try {
      Path path = Path.of(Kinds.text(node));
      if (path.isAbsolute()) {
        return path.normalize();
      }
    } catch (InvalidPathException e) {
      throw BadValueException.expected("a path", node);
    }
    throw BadValueException.expected("an absolute path, one that begins with /", node);
  }

  private static Path readable(Node node) throws BadValueException {
    Path path = absolute(node);
    if (!Files.exists(path)) {
      throw new BadValueException("there is no file " + path + "; create it or correct the path");
    }
    if (!Files.isReadable(path)) {
      throw new BadValueException(
          path + " cannot be read; let the user this program runs as read it");
    }
    return path;
  }

  private static Path file(Node node) throws BadValueException {
    Path path = readable(node);
    if (Files.isDirectory(path)) {
      throw new BadValueException(path + " is a directory; name the file in it");
    }
    return path;
  }

  /** A host as it is compared; empty if the text is none. */
  static Optional<String> parseHost(String text) {
    String host = BRACKETS.matcher(text.toLowerCase(Locale.ROOT)).replaceFirst("$1");
    return Optional.of(host).filter(it -> NAME.matcher(it).matches() || IPV6.matcher(it).matches());
  }

  private static String host(Node node) throws BadValueException {
    return host(Kinds.text(node));
  }

  private static String host(String text) throws BadValueException {
    String rule = "must be a host name or an address, without scheme, port or path, not ";
    return parseHost(text).orElseThrow(() -> new BadValueException(rule + Text.quoted(text)));
  }

  private static Set<String> hosts(Node node) throws BadValueException {
    List<String> texts = Kinds.texts(node);
    if (texts.isEmpty()) {
      throw new BadValueException("must name a host; leave the key out to allow the usual ones");
    }
    List<String> hosts = new ArrayList<>();
    for (String text : texts) {
      hosts.add(host(text));
    }
    return new LinkedHashSet<>(hosts);
  }
}

package io.github.childconnector.settings;

import io.github.childconnector.net.Hosts;
import io.github.childconnector.settings.Kind.BadValueException;
import io.github.childconnector.tls.TlsSettings.Identity;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The kinds of values that say where something is: files, directories and hosts. */
public final class Places {
  /**
   * An absolute path as it is written, because what is above a symbolic link is not what its name
   * says; nobody looks whether there is anything.
   */
  public static final Kind<Path> PATH = Kinds.TEXT.as(Places::absolute, Path::toString).shared();

  /** A file this user can read. */
  public static final Kind<Path> FILE = PATH.unless(Places::unreadable).unless(Places::directory);

  /** A file or a directory this user can read. */
  public static final Kind<Path> FILE_OR_DIRECTORY = PATH.unless(Places::unreadable);

  /** A host name or an address, lower-case, an IPv6 address without brackets. */
  public static final Kind<String> HOST = Kinds.TEXT.as(Places::host, host -> host).shared();

  /** The kind whose value is one or more hosts. */
  public static final Kind<Set<String>> HOSTS =
      Kinds.TEXTS.as(Places::hosts, List::copyOf).shared();

  private Places() {}

  private static Path absolute(String text) {
    try {
      Path path = Path.of(text);
      if (path.isAbsolute()) {
        return path;
      }
    } catch (InvalidPathException e) {
      throw BadValueException.expected("a path", Text.quoted(text));
    }
    throw BadValueException.expected("an absolute path, one that begins with /", Text.quoted(text));
  }

  private static Optional<String> unreadable(Path path) {
    if (!Files.exists(path)) {
      return Optional.of("there is no file " + path + "; create it or correct the path");
    }
    return Files.isReadable(path)
        ? Optional.empty()
        : Optional.of(path + " cannot be read; let the user this program runs as read it");
  }

  private static Optional<String> directory(Path path) {
    return Files.isDirectory(path)
        ? Optional.of(path + " is a directory; name the file in it")
        : Optional.empty();
  }

  private static String host(String text) {
    return Hosts.parse(text)
        .orElseThrow(
            () ->
                BadValueException.expected(
                    "a host name or an address, without scheme, port or path", Text.quoted(text)));
  }

  private static Set<String> hosts(List<String> texts) {
    if (texts.isEmpty()) {
      throw new BadValueException("must name a host; leave the key out to allow the usual ones");
    }
    List<String> hosts = new ArrayList<>();
    for (String text : texts) {
      hosts.add(host(text));
    }
    return new LinkedHashSet<>(hosts);
  }

  /**
   * The files of a certificate and its key, which make sense together only; empty where neither is
   * set, or together with a problem.
   *
   * @param certificate the key of the one, most often {@code cert_file}
   * @param key the key of the other
   */
  public static Optional<Identity> identity(
      Section section, String certificate, String key, Kind<Path> file) {
    section.together(certificate, key);
    Optional<Path> shown = section.optional(certificate, file);
    Optional<Path> its = section.optional(key, file);
    if (shown.isPresent() != its.isPresent()
        && !section.isRefused(certificate)
        && !section.isRefused(key)) {
      section.problem(
          shown.isPresent() ? certificate : key,
          "needs " + (shown.isPresent() ? key : certificate) + " too; set both or none");
    }
    return shown.flatMap(one -> its.map(other -> new Identity(one, other)));
  }
}

package io.github.childconnector.adapter.endpoint;

import io.github.childconnector.disk.SecretFile;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Section;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;

/**
 * A name and password to log in with: HTTP Basic, RFC 7617.
 *
 * @param password read anew each time, so that a changed one needs no restart
 */
public record BasicLogin(String username, SecretFile password) {
  private static final String BASIC = "Basic ";

  /**
   * Reads the keys {@code username} and {@code password_file} of a section.
   *
   * @param prefix what stands before their names
   * @param isRequired whether they must be there; if not, nobody may log in by them
   */
  public static BasicLogin read(Section section, String prefix, boolean isRequired) {
    Optional<String> name = section.optional(prefix + "username", Kinds.BASIC_USERNAME);
    section.require(
        prefix + "username", name.isPresent() || !isRequired, "write a name to log in with");
    return new BasicLogin(name.orElse(""), password(section, prefix, isRequired));
  }

  private static SecretFile password(Section section, String prefix, boolean isRequired) {
    String key = prefix + "password_file";
    return password(section, key, section.path(key), isRequired);
  }

  /** The password in a file, whose absence is noted where it is required. */
  public static SecretFile password(
      Section section, String key, Optional<Path> file, boolean isRequired) {
    section.require(
        key, file.isPresent() || !isRequired, "name a file whose first line is the password");
    return new SecretFile(file.orElse(Path.of("/")));
  }

  /**
   * The header {@code Authorization}, for example {@code Basic dTpw}.
   *
   * @throws IOException the password cannot be read; says what to do
   */
  public String header() throws IOException {
    String login = username + ":" + password.read();
    return BASIC + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The name in a header {@code Authorization}, before the password is looked at; empty if it is of
   * another form.
   */
  public static Optional<String> username(String header) {
    if (!header.startsWith(BASIC)) {
      return Optional.empty();
    }
    try {
      byte[] text = Base64.getDecoder().decode(header.substring(BASIC.length()));
      return Optional.of(new String(text, StandardCharsets.UTF_8).split(":", 2)[0]);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether a header is the expected one, told in a time that does not say where it differs. */
  public static boolean isSame(String expected, String shown) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
  }
}

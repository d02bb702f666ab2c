package io.github.childconnector.journal;

import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of an operation's file: its id, then 16 hexadecimal digits of its child's digest,
 * because two children may have operations of one id and a child's name may hold what a file's may
 * not.
 *
 * <p>Sample: {@code tLrLthPXksKbqRqIsrDmy.3d5f0d4c9be3a1f2.json}.
 */
final class EntryName {
  private static final Pattern FORM = Pattern.compile("(.+)(\\.[0-9a-f]{16}\\.json)");

  private EntryName() {}

  static String of(OperationKey key) {
    return key.id() + suffix(key.child());
  }

  /** The end of the names of all operations of a child. */
  static String suffix(ChildId child) {
    String digest = Sha256.of(child.value().getBytes(StandardCharsets.UTF_8)).hex();
    return "." + digest.substring(0, 16) + ".json";
  }

  /** The operation to which a file of this name belongs, if its child is among those. */
  static Optional<OperationKey> key(String name, Collection<ChildId> children) {
    Matcher form = FORM.matcher(name);
    if (!form.matches() || !OperationKey.isValidId(form.group(1))) {
      return Optional.empty();
    }
    return children.stream()
        .filter(child -> suffix(child).equals(form.group(2)))
        .map(child -> new OperationKey(child, form.group(1)))
        .findFirst();
  }
}

package io.github.childconnector.thinedge;

import io.github.childconnector.settings.TomlText;
import io.github.childconnector.thinedge.TedgeToml.Problem;
import io.github.childconnector.thinedge.TedgeToml.Setting;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * A file of thin-edge's settings.
 *
 * @param name as problems name it
 * @param present whether there is such a file
 * @param text its text
 * @param toml the settings in it; none where it cannot be read
 */
record TedgeFile(String name, boolean present, TomlText text, TomlTable toml) {
  private static final TomlText NOTHING = TomlText.of("");

  /** Reads a file; what is wrong is noted. */
  static TedgeFile read(Path file, String name, List<Problem> problems) {
    boolean present = Files.exists(file);
    TomlTable empty = Toml.parse("");
    if (!present) {
      return new TedgeFile(name, false, NOTHING, empty);
    }
    try {
      TomlText text = TomlText.of(Files.readString(file));
      TomlParseResult toml = Toml.parse(text.text());
      toml.errors().forEach(error -> problems.add(syntax(name, text, error)));
      return new TedgeFile(name, true, text, toml.hasErrors() ? empty : toml);
    } catch (CharacterCodingException e) {
      problems.add(whole(name, file + " is not UTF-8 text; thin-edge cannot read it either"));
    } catch (IOException e) {
      problems.add(
          whole(name, file + " cannot be read; let the user this program runs as read it"));
    }
    return new TedgeFile(name, true, NOTHING, empty);
  }

  private static Problem syntax(String name, TomlText text, TomlParseError error) {
    String told = String.valueOf(error.getMessage());
    return new Problem(
        name,
        text.number(error.position().line()),
        Optional.empty(),
        told
            + " (column "
            + error.position().column()
            + ")"
            + TomlText.remedy(told).map(remedy -> "; " + remedy).orElse(""));
  }

  private static Problem whole(String name, String sentence) {
    return new Problem(name, 0, Optional.empty(), sentence);
  }

  /** A value, with the place where it stands; {@code key} is the name that others know it by. */
  Optional<Setting<Object>> located(String path, String key) {
    return find(path)
        .map(
            value ->
                new Setting<>(value, key, name, text.number(toml.inputPositionOf(path).line())));
  }

  /** A value, by the path of its key. */
  Optional<Object> find(String path) {
    Object found = toml;
    for (String part : path.split("\\.", -1)) {
      found = found instanceof TomlTable table ? table.get(List.of(part)) : null;
    }
    return Optional.ofNullable(found);
  }
}

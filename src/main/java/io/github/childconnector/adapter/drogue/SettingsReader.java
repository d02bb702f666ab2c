package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.DrogueSettings.BlockRules;
import io.github.childconnector.adapter.drogue.TransportSettings.DeviceAddress;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.settings.Amounts;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Places;
import io.github.childconnector.settings.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a child's {@code [child.drogue]} table, noting all that is wrong with it. */
final class SettingsReader {
  private static final Path DIRECTORY = Path.of("/var/lib/tedge-child-connector/drogue");

  /** Some devices have a buffer of 2048 bytes and say so, but it has to hold the whole answer. */
  private static final int USUAL_BLOCK = 1024;

  private static final int USUAL_VERSION = 16;

  private static final Pattern BYTE = Pattern.compile("[0-9A-Fa-f]{2}");
  private static final Kind<Byte> PADDING =
      Kinds.parsed(
              SettingsReader::singleByte,
              "a byte in two hexadecimal digits, for example \"ff\"",
              HexFormat.of()::toHexDigits)
          .shared();

  private final ChildId child;
  private final Section section;

  SettingsReader(ChildId child, Section section) {
    this.child = child;
    this.section = section;
  }

  DrogueSettings read() {
    DeviceAddress address = new TransportReader(child, section).read();
    return new DrogueSettings(
        address,
        section.value("directory", Places.PATH, DIRECTORY),
        blocks(address.transport().largestBlock()),
        section.number("max_version", USUAL_VERSION, 1, 255),
        Optional.of(section.value("capacity", Amounts.size(0, Amounts.LARGEST), 0L))
            .filter(capacity -> capacity > 0),
        section.number("attempts", 2, 1, 10),
        section.value(
            "poll_timeout", Amounts.atLeast(Duration.ofSeconds(1)), Duration.ofMinutes(5)));
  }

  private BlockRules blocks(int largest) {
    int block = section.number("max_block", USUAL_BLOCK, 1, TransportSettings.MOST_DATA);
    int alignment = section.number("alignment", 1, 1, 4096);
    if (alignment > Math.min(block, largest)) {
      section.problem("alignment", "is more than a block has (max_block); lower it");
    }
    return new BlockRules(
        Math.min(block, largest), alignment, section.optional("padding", PADDING));
  }

  private static Optional<Byte> singleByte(String digits) {
    return Optional.of(digits)
        .filter(text -> BYTE.matcher(text).matches())
        .map(text -> (byte) HexFormat.fromHexDigits(text));
  }
}

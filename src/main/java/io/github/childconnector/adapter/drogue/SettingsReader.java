package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.AdapterSettings;
import io.github.childconnector.adapter.drogue.DrogueSettings.BlockRules;
import io.github.childconnector.adapter.drogue.DrogueSettings.ImageLimits;
import io.github.childconnector.adapter.drogue.TransportSettings.DeviceAddress;
import io.github.childconnector.operation.ChildId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a child's {@code [child.drogue]} table, noting all that is wrong with it. */
final class SettingsReader {
  private static final Path DIRECTORY = Path.of("/var/lib/tedge-child-connector/drogue");

  /** Some devices have a buffer of 2048 bytes and say so, but it has to hold the whole answer. */
  private static final int USUAL_BLOCK = 1024;

  private static final Pattern BYTE = Pattern.compile("[0-9A-Fa-f]{2}");

  private static final int USUAL_VERSION = 16;

  private final ChildId child;
  private final AdapterSettings settings;

  SettingsReader(ChildId child, AdapterSettings settings) {
    this.child = child;
    this.settings = settings;
  }

  DrogueSettings read() {
    DeviceAddress address = new TransportReader(child, settings).read();
    return new DrogueSettings(
        address,
        settings.path("directory").orElse(DIRECTORY),
        blocks(address.transport().largestBlock()),
        limits(),
        settings.number("attempts", 2, 1, 10),
        pollTimeout());
  }

  private BlockRules blocks(int largest) {
    int block = settings.number("max_block", USUAL_BLOCK, 1, TransportSettings.MOST_DATA);
    int alignment = settings.number("alignment", 1, 1, 4096);
    if (alignment > Math.min(block, largest)) {
      settings.problem("alignment", "is more than a block has (max_block); lower it");
    }
    return new BlockRules(Math.min(block, largest), alignment, padding());
  }

  private Optional<Byte> padding() {
    Optional<String> text = settings.string("padding");
    if (text.filter(digits -> !BYTE.matcher(digits).matches()).isPresent()) {
      settings.problem("padding", "must be a byte in two hexadecimal digits, for example \"ff\"");
      return Optional.empty();
    }
    return text.map(digits -> (byte) Integer.parseInt(digits, 16));
  }

  private ImageLimits limits() {
    int maxVersion = settings.number("max_version", USUAL_VERSION, 1, 255);
    long capacity = settings.size("capacity", 0);
    return new ImageLimits(maxVersion, capacity > 0 ? Optional.of(capacity) : Optional.empty());
  }

  private Duration pollTimeout() {
    Duration timeout = settings.duration("poll_timeout", Duration.ofMinutes(5));
    if (timeout.compareTo(Duration.ofSeconds(1)) < 0) {
      settings.problem("poll_timeout", "must be \"1s\" or more");
    }
    return timeout;
  }
}

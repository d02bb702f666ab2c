package io.github.childconnector.device;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The flash of a simulated device: two slots, the name of the one that it starts from, and notes of
 * what it did. All of it is in files, so that the device may be ended anywhere:
 *
 * <pre>
 * slot-0 slot-1   images; one that is being written may be any part of one
 * boot            slot-1
 * fetches         a line for each time
 * </pre>
 */
public final class DeviceFlash {
  /** No image of a test says later than here which version it is. */
  private static final int HEAD = 64 * 1024;

  private final Path directory;
  private final Pattern version;

  /**
   * A flash in this directory.
   *
   * @param version finds the version in an image, as its first group
   */
  public DeviceFlash(Path directory, Pattern version) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.version = version;
  }

  /** Whether there is anything to start from. */
  public boolean isAssembled() {
    return Files.exists(directory.resolve("boot"));
  }

  /** Makes it a device that runs this image and has never run another. */
  public void assemble(byte[] image) throws IOException {
    Files.deleteIfExists(directory.resolve("slot-1"));
    Files.write(directory.resolve("slot-0"), image);
    startFrom("slot-0");
  }

  private void startFrom(String slot) throws IOException {
    Path next = Files.writeString(directory.resolve("boot.new"), slot + "\n");
    Files.move(
        next,
        directory.resolve("boot"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private String slot() throws IOException {
    return Files.readString(directory.resolve("boot")).strip();
  }

  private String otherSlot() throws IOException {
    return slot().equals("slot-0") ? "slot-1" : "slot-0";
  }

  /** The image it starts from. */
  public Path running() throws IOException {
    return directory.resolve(slot());
  }

  /** Where the next image goes. */
  public Path spare() throws IOException {
    return directory.resolve(otherSlot());
  }

  /** Erases the spare slot and opens it. */
  public OutputStream openSpare() throws IOException {
    return Files.newOutputStream(spare());
  }

  /** Starts from the spare slot from now on. */
  public void switchOver() throws IOException {
    startFrom(otherSlot());
  }

  /** The version that an image says it has; empty if it says nothing, or is not there. */
  public Optional<String> version(Path image) throws IOException {
    try (InputStream in = Files.newInputStream(image)) {
      Matcher found = version.matcher(new String(in.readNBytes(HEAD), ISO_8859_1));
      return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Writes down that something was done. */
  public void note(String what, String line) throws IOException {
    Files.writeString(
        directory.resolve(what), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** What was written down of it, in its order. */
  public List<String> notes(String what) throws IOException {
    Path file = directory.resolve(what);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }
}

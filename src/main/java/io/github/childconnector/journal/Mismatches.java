package io.github.childconnector.journal;

import io.github.childconnector.disk.Disk;
import io.github.childconnector.operation.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The images that were not what their requests had promised. A requester that keeps files, as
 * thin-edge does, computes the digest of a damaged one anew at the next request, which then
 * promises the very bytes that were refused.
 *
 * <p>A file is known by the last segment of its URL, which thin-edge makes of the file's address in
 * the cloud. A line for each of the latest {@value #KEPT}, the last one last: the digest of that
 * segment, the digest that was promised, and the one that the bytes had.
 *
 * <pre>
 * 1f0c…77 c036…29 5a11…c4
 * </pre>
 *
 * <p>To be used by one thread at a time.
 */
public final class Mismatches {
  /** Few files are ever damaged, and the oldest of these is long replaced. */
  static final int KEPT = 200;

  static final String FILE = "mismatches";

  private static final Pattern LINE =
      Pattern.compile("([0-9a-f]{64}) ([0-9a-f]{64}) ([0-9a-f]{64})");
  private static final int MAX_SIZE = KEPT * (3 * 65);

  private final Path file;
  private final Disk disk;

  private record Mismatch(String segment, Sha256 promised, Sha256 held) {
    private String line() {
      return segment + " " + promised + " " + held + "\n";
    }
  }

  Mismatches(Path file, Disk disk) {
    this.file = file;
    this.disk = disk;
  }

  /** Returns when it is remembered that a file was promised with one digest and had another. */
  public void add(String url, Sha256 promised, Sha256 held) throws IOException {
    Mismatch added = new Mismatch(segment(url), promised, held);
    List<Mismatch> all = new ArrayList<>(read());
    all.removeIf(known -> known.segment.equals(added.segment) && known.held.equals(held));
    all.add(added);
    StringBuilder text = new StringBuilder();
    all.subList(Math.max(0, all.size() - KEPT), all.size())
        .forEach(mismatch -> text.append(mismatch.line()));
    disk.replace(file, text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Returns what a file was promised with before, when it turned out to have this digest; empty if
   * that never happened.
   */
  public Optional<Sha256> promisedBefore(String url, Sha256 digest) throws IOException {
    String segment = segment(url);
    return read().stream()
        .filter(known -> known.segment.equals(segment) && known.held.equals(digest))
        .map(Mismatch::promised)
        .findFirst();
  }

  /** The key of a file: what stands behind the last slash of its URL, without a query. */
  private static String segment(String url) {
    String path = url.replaceFirst("[?#].*", "");
    String last = path.substring(path.lastIndexOf('/') + 1);
    return Sha256.of(last.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private List<Mismatch> read() throws IOException {
    try (InputStream content = disk.read(file)) {
      String text = new String(content.readNBytes(MAX_SIZE), StandardCharsets.US_ASCII);
      return text.lines()
          .map(LINE::matcher)
          .filter(Matcher::matches)
          .map(
              found ->
                  new Mismatch(
                      found.group(1), new Sha256(found.group(2)), new Sha256(found.group(3))))
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }
}

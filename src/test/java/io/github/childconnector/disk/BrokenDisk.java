package io.github.childconnector.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/**
 * A disk, of this machine or of any kind, that remembers what was done to it, and from some moment
 * on refuses to do more; or that fails for a while, at whatever it is then asked to do, reading
 * included.
 */
@NullMarked
public final class BrokenDisk extends ForwardingDisk {
  private final List<String> changes = new ArrayList<>();
  private int left = Integer.MAX_VALUE;
  private int uses;
  private int firstFailure = Integer.MAX_VALUE;
  private int lastFailure;
  private String failure = "";
  private boolean unchecked;
  private String failed = "";

  /** A disk of this machine. */
  public BrokenDisk() {}

  /** A disk like this one. */
  public BrokenDisk(Disk disk) {
    super(disk);
  }

  /** Lets this number of changes pass, and each later one fail. */
  public synchronized void breakAfter(int number) {
    left = number;
    failed = "";
  }

  /** Lets nothing fail from now on. */
  public void repair() {
    breakAfter(Integer.MAX_VALUE);
  }

  /** Lets {@code after} further uses go well, and then {@code times} fail with this message. */
  public synchronized void fail(int after, int times, String message) {
    firstFailure = uses + after;
    lastFailure = firstFailure + Math.min(times, Integer.MAX_VALUE - firstFailure);
    failure = message;
    failed = "";
    unchecked = false;
  }

  /** Lets uses fail likewise, but by a fault of the program, which no caller has to expect. */
  public synchronized void breakDown(int after, int times, String message) {
    fail(after, times, message);
    unchecked = true;
  }

  /** How often it was asked for anything. */
  public synchronized int uses() {
    return uses;
  }

  /** The use that failed first, for example {@code close x.tmp}; empty where nothing did. */
  public synchronized String failed() {
    return failed;
  }

  private synchronized void use(String what, Path file) throws IOException {
    int number = uses++;
    if (number >= firstFailure && number < lastFailure) {
      IOException refusal = fail(what, file, failure);
      if (unchecked) {
        throw new IllegalStateException(failure);
      }
      throw refusal;
    }
  }

  private IOException fail(String what, Path file, String message) {
    failed = failed.isEmpty() ? what + " " + file.getFileName() : failed;
    return new IOException(message);
  }

  /** The changes, for example {@code force x.tmp}. */
  public synchronized List<String> changes() {
    return List.copyOf(changes);
  }

  private synchronized void change(String what, Path file) throws IOException {
    use(what, file);
    if (left <= 0) {
      throw fail(what, file, "broken for the test");
    }
    left--;
    changes.add(what + " " + file.getFileName());
  }

  @Override
  public Output create(Path file) throws IOException {
    change("create", file);
    return super.create(file);
  }

  @Override
  public Output append(Path file) throws IOException {
    change("append", file);
    return super.append(file);
  }

  @Override
  protected Output output(Path file, Output output) {
    return new Output() {
      @Override
      public void write(byte[] bytes, int length) throws IOException {
        change("write", file);
        output.write(bytes, length);
      }

      @Override
      public void force() throws IOException {
        change("force", file);
        output.force();
      }

      @Override
      public void close() throws IOException {
        output.close();
        use("close", file);
      }
    };
  }

  @Override
  public InputStream read(Path file) throws IOException {
    use("read", file);
    return super.read(file);
  }

  @Override
  public long size(Path file) throws IOException {
    use("size", file);
    return super.size(file);
  }

  @Override
  public void visit(Path directory, Visitor visitor) throws IOException {
    use("list", directory);
    super.visit(
        directory,
        file -> {
          use("visit", file);
          return visitor.visit(file);
        });
  }

  @Override
  public List<Path> directories(Path directory) throws IOException {
    use("directories", directory);
    return super.directories(directory);
  }

  @Override
  public long usableSpace(Path directory) throws IOException {
    use("usableSpace", directory);
    return super.usableSpace(directory);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    change("rename", to);
    super.rename(from, to);
  }

  @Override
  public void delete(Path file) throws IOException {
    change("delete", file);
    super.delete(file);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    change("createDirectory", directory);
    super.createDirectory(directory);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    change("forceDirectory", directory);
    super.forceDirectory(directory);
  }
}

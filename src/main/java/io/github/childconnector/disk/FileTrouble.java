package io.github.childconnector.disk;

import io.github.childconnector.fault.Sandbox;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Says what is wrong with a file, and what to do, where Java's exception says no more than its
 * name, for example {@code /var/lib/x/lock may not be used by the user nobody; give it to that user
 * (chown)}.
 */
public final class FileTrouble {
  /** The kernel's own words for EROFS, which Java passes on. */
  private static final String READ_ONLY = "Read-only file system";

  private static final String LEFT_OPEN =
      "see with ls -l /proc/%d/fd which ones, and raise LimitNOFILE of the service if they are needed";

  private FileTrouble() {}

  /** The sentence, without a full stop. */
  public static String sentence(IOException trouble) {
    if (trouble instanceof AccessDeniedException denied) {
      return denied.getFile()
          + " may not be used by the user "
          + user()
          + "; give it to that user (chown)";
    }
    if (trouble instanceof FileAlreadyExistsException taken) {
      return taken.getFile() + " is not a directory; move it away, or name another place";
    }
    if (trouble instanceof NoSuchFileException missing) {
      return missing.getFile()
          + " is not there and cannot be created; create its directory, or name another place";
    }
    if (isReadOnly(trouble)) {
      return readOnly(trouble);
    }
    String message = String.valueOf(trouble.getMessage());
    if (isShortOfDescriptors(trouble)) {
      return message + "; " + LEFT_OPEN.formatted(ProcessHandle.current().pid());
    }
    return trouble instanceof FileSystemException file && message.equals(file.getFile())
        ? trouble.toString()
        : message;
  }

  private static boolean isReadOnly(IOException trouble) {
    return String.valueOf(trouble.getMessage()).contains(READ_ONLY);
  }

  private static String readOnly(IOException trouble) {
    boolean isKept =
        trouble instanceof FileSystemException file
            && file.getFile() != null
            && Sandbox.makesReadOnly(Path.of(file.getFile()));
    String remedy =
        isKept
            ? "; the service may not write there: name it in ReadWritePaths= of a drop-in"
            : "; look into dmesg for what has happened to the disk, then let it be written again"
                + " (mount -o remount,rw)";
    return trouble.getMessage() + remedy;
  }

  /** The trouble with a directory that may not be written to. */
  static IOException notWritable(Path directory) {
    try {
      if (Files.getFileStore(directory).isReadOnly()) {
        return new FileSystemException(directory.toString(), null, READ_ONLY);
      }
    } catch (IOException e) {
      // A chroot may hide where it is mounted, and a sandbox too.
    }
    return new AccessDeniedException(directory.toString());
  }

  /**
   * Whether it is no trouble of the file: the process, or the machine, may open no more of them.
   */
  public static boolean isShortOfDescriptors(IOException trouble) {
    return String.valueOf(trouble.getMessage()).contains("Too many open files");
  }

  private static String user() {
    return System.getProperty("user.name", "of this connector");
  }
}

package io.github.childconnector.disk;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Says what is wrong with a file, and what to do, where Java's exception says no more than its
 * name, for example {@code /var/lib/x/lock may not be used by the user nobody; give it to that user
 * (chown)}.
 */
public final class FileTrouble {
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
    String message = String.valueOf(trouble.getMessage());
    if (isShortOfDescriptors(trouble)) {
      return message + "; " + LEFT_OPEN.formatted(ProcessHandle.current().pid());
    }
    return trouble instanceof FileSystemException file && message.equals(file.getFile())
        ? trouble.toString()
        : message;
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

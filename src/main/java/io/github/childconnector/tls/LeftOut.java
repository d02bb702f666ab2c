package io.github.childconnector.tls;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of a directory of CA certificates that are left out, and what was said of them: each is
 * told once, and again when it is changed and still cannot be used. Kept by whoever reads the same
 * {@link TlsSettings} again and again, as with every connection.
 */
public final class LeftOut {
  private static final System.Logger LOG = System.getLogger(LeftOut.class.getName());

  private Map<Path, Fault> told = Map.of();

  /**
   * A file that is left out.
   *
   * @param sentence names the file, what is wrong and the remedy
   * @param changed when it was written
   */
  record Fault(String sentence, FileTime changed) {
    static Fault of(Path file, IOException why) {
      return new Fault(String.valueOf(why.getMessage()), changed(file));
    }

    private static FileTime changed(Path file) {
      try {
        return Files.getLastModifiedTime(file);
      } catch (IOException e) {
        return FileTime.fromMillis(0);
      }
    }
  }

  /** Takes note of all that is left out now, and logs what is new of it. */
  synchronized void tell(Map<Path, Fault> faults) {
    faults.forEach(
        (file, fault) -> {
          if (!fault.equals(told.get(file))) {
            LOG.log(
                Level.WARNING, "Of the CA certificates, one is left out: {0}", fault.sentence());
          }
        });
    told = new TreeMap<>(faults);
  }
}

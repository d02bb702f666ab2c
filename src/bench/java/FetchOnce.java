import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.image.DownloadSettings;
import io.github.childconnector.image.ImageStore;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.tls.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Fetches one image as the daemon does: {@code FetchOnce DIRECTORY SHA256 URL}. */
public final class FetchOnce {
  private FetchOnce() {}

  public static void main(String[] args) throws Exception {
    DownloadSettings settings =
        new DownloadSettings(
            Long.MAX_VALUE,
            0,
            1,
            Duration.ofSeconds(30),
            Duration.ofHours(1),
            Set.of("127.0.0.1"),
            Optional.empty(),
            new TlsSettings(Optional.empty(), Optional.empty()));
    try (SystemClock clock = new SystemClock()) {
      ImageStore store = new ImageStore(Path.of(args[0]), settings, new LocalDisk(), clock);
      System.out.println(store.fetch(new Sha256(args[1]), args[2], (done, total) -> {}));
    }
  }
}

package io.github.childconnector.image;

import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An image in the store that has other bytes than when its digest was compared. */
public final class ChangedImageException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Causes may be nested, and may form a circle. */
  private static final int MAX_CAUSES = 20;

  ChangedImageException(Path path) {
    super(
        "The stored image %s was changed after its SHA-256 had been compared, so no device may have it. Look which program writes there, or whether the disk fails; then request the update again, which fetches the image anew."
            .formatted(path));
  }

  /**
   * The failure that ends an update: {@code digest-mismatch} where this was the cause of what was
   * thrown, or the cause of its cause.
   */
  public static Optional<UpdateException> failure(@Nullable Throwable thrown) {
    @Nullable Throwable cause = thrown;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
      if (cause instanceof ChangedImageException changed) {
        return Optional.of(changed.failure());
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }

  /** The failure that ends an update, whatever kept an image from being read. */
  public static UpdateException failure(FirmwareImage image, IOException thrown) {
    return failure(thrown)
        .orElseGet(
            () ->
                new UpdateException(
                    FailureCode.STORAGE_FAILED,
                    "The image %s cannot be read (%s). Check the disk, then send the update again."
                        .formatted(image.path(), FileTrouble.sentence(thrown)),
                    thrown));
  }

  private UpdateException failure() {
    return new UpdateException(FailureCode.DIGEST_MISMATCH, String.valueOf(getMessage()), this);
  }
}

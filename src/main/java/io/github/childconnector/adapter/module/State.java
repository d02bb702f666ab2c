package io.github.childconnector.adapter.module;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The words a module can be called with: the states of an update, and three questions. */
enum State {
  PROVIDE_PAYLOAD_FILE_SIZES,
  DOWNLOAD,
  DOWNLOAD_WITH_FILE_SIZES,
  ARTIFACT_INSTALL,
  NEEDS_ARTIFACT_REBOOT,
  ARTIFACT_REBOOT,
  ARTIFACT_VERIFY_REBOOT,
  ARTIFACT_COMMIT,
  SUPPORTS_ROLLBACK,
  ARTIFACT_ROLLBACK,
  ARTIFACT_ROLLBACK_REBOOT,
  ARTIFACT_VERIFY_ROLLBACK_REBOOT,
  ARTIFACT_FAILURE,
  CLEANUP;

  /** The word of the protocol, for example {@code ArtifactInstall}. */
  String word() {
    return Arrays.stream(name().split("_"))
        .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }
}

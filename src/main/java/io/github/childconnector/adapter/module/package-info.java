/**
 * {@code adapter = "module"}: a device is flashed by an update module, any program that speaks the
 * Mender update module protocol v3. Modules people already have work unchanged; {@code
 * examples/module} has a small one.
 *
 * <h2>Configuration</h2>
 *
 * <pre>
 * [[child]]
 * id = "plc-1"
 * adapter = "module"
 *
 *   [child.module]
 *   program = "/usr/share/mender/modules/v3/single-file"   # required
 *   directory = "/var/lib/tedge-child-connector/modules"   # required: the file trees lie below it
 *   payload_type = "single-file"         # the program's name if absent
 *   device_type = "plc"                  # the child's id if absent
 *   file_name = "firmware.bin"           # the name of the image among the files of the payload
 *   meta_data = ""                       # a JSON object; {} if absent
 *   read_version = ["/opt/plc/read-version.sh", "{child}"]
 *   stop_grace = "10s"                   # from TERM to KILL, at most 60s
 *
 *   [child.module.files]                 # what else the module expects among its files
 *   dest_dir = "/srv/plc-1"
 *   filename = "firmware.bin"
 *
 *   [child.module.environment]           # never shown
 *   PLC_PIN = "1234"
 * </pre>
 *
 * <h2>How a module is called</h2>
 *
 * <p>{@code PROGRAM STATE TREE}, in the directory {@code TREE}, the file tree of the operation; see
 * {@link FileTree} for what is in it. Exit status 0 is success, anything else failure, and a module
 * that does not know a state or a question writes nothing and exits with 0. Any state may be called
 * a second time, because the connector may have been stopped in the first. Into the environment
 * come {@code CHILD_ID}, {@code OPERATION_ID}, {@code FIRMWARE_NAME}, {@code FIRMWARE_VERSION} and
 * {@code FIRMWARE_SHA256}. What a module says, and how it is ended, is as with the programs of the
 * adapter {@code command}, but for the exit status 75, which is a failure like others.
 *
 * <pre>
 * install         ProvidePayloadFileSizes ("Yes": the next state is DownloadWithFileSizes)
 *                 Download
 *                 SupportsRollback
 *                 ArtifactInstall
 *                 NeedsArtifactReboot
 *                 ArtifactReboot, ArtifactVerifyReboot     if that was answered Yes
 * confirm         read_version, if there is one
 * commit          ArtifactCommit
 *                 Cleanup
 * </pre>
 *
 * <p>In Download the module may read {@code stream-next} and the FIFOs it names, to the empty name
 * behind the last. Then there is no {@code files/}. If it leaves {@code stream-next} alone, {@code
 * files/} holds the payload from ArtifactInstall on. To begin and not to finish is a failure. The
 * image was verified before: nothing but its bytes is ever streamed. With DownloadWithFileSizes a
 * name is followed by a space and the number of bytes.
 *
 * <p>{@code Automatic} asks Mender to reboot the machine that the module runs on, before it goes
 * on. Nobody does that here: the update is rolled back and fails, because ArtifactVerifyReboot and
 * ArtifactCommit would verify and make final what does not run yet. With {@code automatic_reboot =
 * "as-yes"} it is taken for {@code Yes}, for modules whose ArtifactReboot reboots the device.
 *
 * <p>With {@code require_rollback = true} a module that answers SupportsRollback with {@code No}
 * comes no further: Cleanup follows, and the update fails with the device untouched.
 *
 * <h2>After a failure</h2>
 *
 * <pre>
 * of Download             Cleanup
 * of any later state,     NeedsArtifactReboot             if SupportsRollback was answered Yes
 * of confirming, or       ArtifactRollback                              likewise
 * of ArtifactCommit
 *                         ArtifactRollbackReboot,
 *                         ArtifactVerifyRollbackReboot                  if both were; until the latter
 *                                                                       succeeds, at most three times
 *                         ArtifactFailure
 *                         Cleanup
 * </pre>
 *
 * <p>A failure of ArtifactRollbackReboot, ArtifactFailure or Cleanup is logged and changes nothing;
 * one of ArtifactRollback or of its verification is told with the reason, and so is a module that
 * cannot go back. A connector that starts again rolls back what it was killed in the middle of,
 * unless {@code read_version} shows the new version: then it commits. It does not begin a rollback
 * again in which it was killed: there ArtifactFailure and Cleanup follow. Cleanup is called in any
 * case; where a fault of the connector, or a rollback that took longer than {@code
 * install_timeout}, prevented it, before the child's next update and with the environment of that.
 *
 * <h2>How success is seen</h2>
 *
 * <p>With {@code read_version} as in the adapter {@code command}: before the download, after the
 * installation until {@code confirm_timeout}, and after a crash. ArtifactCommit comes after that.
 * Without it, ArtifactInstall and, if a reboot is needed, ArtifactVerifyReboot are believed.
 *
 * <h2>Limits</h2>
 *
 * <p>The image comes as one file, not as a Mender artifact: there are no signatures, augmented
 * artifacts, state scripts or dependencies, and what else a module expects in its payload is
 * written into the configuration. The name of the artifact is that of the firmware, a dash, and its
 * version; {@code current_artifact_name} is the one that was committed last, and empty before the
 * first. The tree has room for a copy of the image, unless the module reads the streams, which
 * {@code mkfifo} makes.
 *
 * <p>May import {@code adapter}, {@code settings}, {@code adapter.program}, {@code image}, {@code
 * operation} and the leaves {@code clock} and {@code disk}.
 */
@NullMarked
package io.github.childconnector.adapter.module;

import org.jspecify.annotations.NullMarked;

/**
 * {@code adapter = "command"}: a device is flashed by the operator's own programs. This is the
 * contract for whoever writes them; {@code examples/command} has a working set.
 *
 * <h2>Configuration</h2>
 *
 * <pre>
 * [[child]]
 * id = "plc-1"
 * adapter = "command"
 *
 *   [child.command]
 *   install = ["/opt/plc/flash.sh", "/dev/ttyUSB0", "{image}", "{version}"]  # required
 *   read_version = ["/opt/plc/read-version.sh", "/dev/ttyUSB0"]
 *   rollback = ["/opt/plc/rollback.sh", "/dev/ttyUSB0"]
 *   working_directory = "/var/lib/plc"   # absolute; the connector's own if absent
 *   repeatable = false
 *   stop_grace = "10s"                   # from TERM to KILL, at most 60s
 *
 *   [child.command.environment]          # never shown
 *   PLC_PIN = "1234"
 * </pre>
 *
 * <h2>What a program is given</h2>
 *
 * <p>Arguments as they are written: no shell reads them, so quotes, spaces, {@code $} and {@code ;}
 * mean nothing, whoever chose the version. These words in braces are replaced, once, wherever they
 * stand in an argument, and the same values are in the environment:
 *
 * <pre>
 * {image}      FIRMWARE_IMAGE     absolute path of the verified image; install only
 * {name}       FIRMWARE_NAME
 * {version}    FIRMWARE_VERSION
 * {sha256}     FIRMWARE_SHA256    64 lower-case hexadecimal digits
 * {child}      CHILD_ID
 * {operation}  OPERATION_ID       the same in every call for one operation
 * </pre>
 *
 * <p>The image is shared with other operations: read it, do not write, move or remove it. A name or
 * version that begins with a dash may look like an option; give it an argument where it cannot, or
 * read it from the environment. The rest of the environment is the connector's, without what its
 * service manager and its Java were told. Standard input is empty. Values that the connector's
 * locale cannot express are refused; {@code LC_ALL=C.UTF-8} expresses all.
 *
 * <h2>What a program says</h2>
 *
 * <pre>
 * progress 42     on standard output: percentage of the current step, 0 to 100
 * step write      on standard output: a step begins; prepare, detach, write, attach or cleanup
 * anything else   on either output: a line for the log
 * </pre>
 *
 * <p>Lines are read as UTF-8 and cut at 4 KiB. Up to 500 of each output are logged in a call; more
 * is read and dropped. The last line on standard error becomes the reason of a failure: let it say
 * what to do.
 *
 * <pre>
 * exit 0          installed
 * exit 75         install only: the device is busy and was not touched; the connector tries again
 * anything else   failed, also when a signal ended the program
 * </pre>
 *
 * <h2>When it is over</h2>
 *
 * <p>A call ends with its program. A process it left in the background has half a second to end by
 * itself, then it gets TERM and, after {@code stop_grace}, KILL. The same happens to the program
 * and all its processes when {@code install_timeout} is over or the connector stops; a program that
 * must not be cut at any point catches TERM, and finishes or cleans up within the grace. Processes
 * are found by their session ({@code setsid} of util-linux begins it), by their descent, and by the
 * variables {@code CHILD_ID}, {@code OPERATION_ID} and {@code CONNECTOR_PID}, which they inherit. A
 * server that is meant to go on, as that of {@code adb}, is started without them: {@code env -u
 * OPERATION_ID setsid …} in the background.
 *
 * <h2>The version, and what it decides</h2>
 *
 * <p>{@code read_version} writes the version that the device runs as the first line of its standard
 * output and exits with 0; it must change nothing, and may be called often. It is used three times:
 *
 * <ol>
 *   <li>before the download: a device that runs the requested version already is {@code successful}
 *       without being flashed;
 *   <li>after {@code install}: the operation is {@code successful} only when the requested version
 *       is read, asked again and again until {@code confirm_timeout};
 *   <li>after a crash or a timeout in the middle of an installation: where the requested version is
 *       read in the end, the late success is a success.
 * </ol>
 *
 * <p>The two versions are compared character by character, without the white space around the line.
 * Without {@code read_version} exit 0 of {@code install} is success, and an installation that was
 * cut off as a failure.
 *
 * <p>{@code repeatable = true} says: an installation that was cut off at any point may be done
 * again from its beginning. Then that is what a restarted connector does, where it would otherwise
 * fail the operation. {@code rollback} is called after a failed or unconfirmed installation, so it
 * has to cope with a device that was not touched at all; its exit status 75 is a failure like
 * others.
 *
 * <p>{@code tedge-child-connector adapter-test} shows whether programs keep these rules.
 *
 * <p>May import {@code adapter}, {@code settings}, {@code adapter.program}, {@code image}, {@code
 * operation} and the leaf {@code clock}.
 */
@NullMarked
package io.github.childconnector.adapter.command;

import org.jspecify.annotations.NullMarked;

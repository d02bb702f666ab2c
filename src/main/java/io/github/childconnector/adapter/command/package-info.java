/**
 * {@code adapter = "command"}: a device is flashed by the operator's own programs. Their contract
 * is in {@code examples/command/README.md}, beside a working set; {@code adapter-test} shows
 * whether programs keep it.
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
 * <h2>Limits that the contract does not tell</h2>
 *
 * <p>No shell reads arguments, so quotes, spaces, {@code $} and {@code ;} mean nothing, whoever
 * chose the version; placeholders are replaced once. A name or version that begins with a dash is
 * refused where it would begin an argument, unless {@code --} stands before; ids of operations are
 * not. Values that the connector's locale cannot express are refused; {@code LC_ALL=C.UTF-8}
 * expresses all. What the kernel cannot execute is given to no shell.
 *
 * <p>Lines are read as UTF-8 and cut at 4 KiB. Up to 500 of each output are logged in a call; more
 * is read and dropped.
 *
 * <p>A process that is left in the background has half a second to end by itself, then it gets TERM
 * and, after {@code stop_grace}, KILL. Processes are found by their session ({@code setsid} of
 * util-linux begins it), by their descent, and by the variables {@code CHILD_ID}, {@code
 * OPERATION_ID} and {@code CONNECTOR_PID}, which they inherit. A server that is meant to go on, as
 * that of {@code adb}, is started without them: {@code env -u OPERATION_ID setsid …} in the
 * background.
 *
 * <p>Versions are compared as a person reads them, without the white space around the line. An
 * installation that was cut off without {@code read_version} or {@code repeatable} has failed. The
 * exit status 75 of {@code rollback} is a failure like others.
 *
 * <p>May import {@code adapter}, {@code settings}, {@code adapter.program}, {@code image}, {@code
 * operation} and the leaf {@code clock}.
 */
@NullMarked
package io.github.childconnector.adapter.command;

import org.jspecify.annotations.NullMarked;

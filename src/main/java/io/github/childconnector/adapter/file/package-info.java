/**
 * {@code adapter = "file"}: a device that reads its firmware from a file by itself: from a TFTP
 * server, a USB stick, an NFS share.
 *
 * <h2>Configuration</h2>
 *
 * <pre>
 * [[child]]
 * id = "plc-1"
 * adapter = "file"
 *
 *   [child.file]
 *   path = "/srv/tftp/plc-1.bin"      # required
 *   mount_point = "/media/stick"      # busy while nothing is mounted there; default: not looked at
 *   keep_previous = true              # default
 *   after = ["/usr/local/bin/restart-plc", "{child}"]     # default: none
 *   read_version = ["/usr/local/bin/plc-version", "{child}"]   # default: none
 *   working_directory = "/opt/plc"    # these three as for adapter "command"
 *   environment = { PLC_PASSWORD = "change me" }
 *   stop_grace = "10s"
 * </pre>
 *
 * <h2>How success is seen</h2>
 *
 * <p>By {@code read_version}. Without it nobody can see whether the device has read the file, and
 * success means that it is in its place and that {@code after} ended well.
 *
 * <h2>Going back</h2>
 *
 * <p>With {@code keep_previous} the file that was there before is put back after a failed or
 * unconfirmed installation, and {@code after} is run again; where there was none, the new one is
 * removed.
 */
@NullMarked
package io.github.childconnector.adapter.file;

import org.jspecify.annotations.NullMarked;

/**
 * {@code adapter = "fuota"}: ESP32 devices with the esp32-fuota client, which ask a server of the
 * gateway every 30 to 45 seconds whether there is another firmware for them.
 *
 * <h2>Configuration</h2>
 *
 * <pre>
 * [[child]]
 * id = "meter-1"
 * adapter = "fuota"
 * version_timeout = "2m"          # longer than the time between two polls
 *
 *   [child.fuota]
 *   listen = "0.0.0.0:50443"      # default; several children share a server
 *   server_name = "192.168.1.1"   # what the devices call the gateway; required without certificate_file
 *   device_id = "00001"           # DEV_ID of the device; the child's id if absent
 *   username = "00001"            # required
 *   password_file = "/etc/tedge-child-connector/meter-1.password"   # required
 *   certificate_file = "/etc/tedge-child-connector/fuota.pem"       # default: one of our own making
 *   key_file = "/etc/tedge-child-connector/fuota.key"
 *   directory = "/var/lib/tedge-child-connector/fuota"   # default; where our own certificate lies
 *   slot_size = "1536KiB"         # default
 *   chip = "esp32"                # default
 *   check_image = true            # default: only images in Espressif's form are offered
 *   poll_timeout = "5m"           # default; a device that does not poll for this time is busy
 *   management = "127.0.0.1:50080"            # default: none
 *   management_username = "server_username"   # required with management
 *   management_password_file = "/etc/tedge-child-connector/management.password"
 * </pre>
 *
 * <h2>How success is seen</h2>
 *
 * <p>The poll names the version that runs. After a device has fetched all of an image, a poll with
 * the requested version is success; one with the old version is a failed try, of which there are
 * three; one with any other version is a failure. A version that was polled more than two minutes
 * ago is not believed any more.
 *
 * <h2>Management</h2>
 *
 * <p>With {@code management} there is a second server, at an address of the loopback only, with the
 * routes of the reference server ({@link io.github.childconnector.adapter.fuota.management}), so
 * that scripts made for that server go on working on the gateway. What they put comes from nobody
 * who has told a digest. So that nothing unchecked reaches a device all the same, only images in
 * Espressif's form that have a SHA-256 of their own are taken, whatever {@code check_image} says,
 * and that digest is compared; they are kept under the SHA-256 of the whole file, which is compared
 * again before each fetch. The devices never see the names that scripts use, but those digests,
 * which have one length. A row of a device is in effect when it polls with the version in it, for
 * three fetches after which it polls with that version again (the reference server knows no end).
 * An update of thin-edge takes precedence: while it is being installed no row is taken, and one
 * that is there goes. Each of these actions is logged as a warning that begins with "By
 * management". thin-edge is not told of them. Unlike the reference server this one refuses, with
 * 409, 413, 422 or 507 and a sentence: rows of devices that are no children with {@code
 * management}, other files, more than 16 of them or 16 MiB; unknown paths get 404, what is damaged
 * or lost in the middle is not kept, and no row is read into SQL.
 *
 * <h2>Limits</h2>
 *
 * <p>The client restarts after any status but 200, 204, 400, 403 and 404, so there is no other. It
 * has no rollback: an image that boots and does not poll stays. Its certificate is compiled in;
 * changing it needs a firmware update first. The version must be the one that {@code OTA_VERSION}
 * of the build says.
 */
@NullMarked
package io.github.childconnector.adapter.fuota;

import org.jspecify.annotations.NullMarked;

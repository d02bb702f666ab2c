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
 *   check_image = true            # default: only images in Espressif's form are offered
 *   poll_timeout = "5m"           # default; without a poll for so long the device is busy
 * </pre>
 *
 * <h2>How success is seen</h2>
 *
 * <p>The poll names the version that runs. After a device has fetched all of an image, a poll with
 * the requested version is success; one with the old version is a failed try, of which there are
 * three; one with any other version is a failure. A version that was polled more than two minutes
 * ago is not believed any more.
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

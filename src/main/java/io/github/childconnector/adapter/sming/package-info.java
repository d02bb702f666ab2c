/**
 * {@code adapter = "sming"}: devices built with the Sming framework (ESP8266, ESP32) and its
 * library OtaUpgradeMqtt. They subscribe to a topic of their broker and flash what is published
 * there; nothing in that protocol comes back.
 *
 * <h2>Configuration</h2>
 *
 * <pre>
 * [[child]]
 * id = "weather"
 * adapter = "sming"
 *
 *   [child.sming]
 *   host = "127.0.0.1"         # the devices' broker, as in [mqtt]: port, client_id, username,
 *   port = 1883                # password_file, ca_file, cert_file, key_file
 *   app = "weather"            # APP_ID of the firmware, required
 *   channel = ""               # "s" or "u" where stable and unstable are kept apart
 *   listens_to = "4.3"         # major.minor of the topic; needed without version_topic
 *   version_topic = "weather/state"
 *   version_pointer = "/fw"    # a value of its JSON (RFC 6901); else the whole message
 *   version_pattern = "v([0-9.]+)"   # what its one group finds, in that value or the message
 *   device_client_id = ""      # without version_topic: see below
 *   restart_timeout = "3m"
 *   wire_patch = "same"        # or "one less"
 *   minor_change = false
 *   retained = false
 *   retain_for = "25m"         # shorter than install_timeout
 *   max_size = "1MiB"
 *   slot_size = "992KiB"       # 960KiB for the ESP32
 *   check_magic = true
 *   format = "raw"             # "ota", "ota-signed", "ota-file" for ENABLE_OTA_ADVANCED=1
 *   encrypt = false
 *   ota_key_file = "/etc/tedge-child-connector/ota.key"
 *   address = "0x2000"         # flash address, for "ota" and "ota-signed"
 * </pre>
 *
 * <h2>What is published</h2>
 *
 * <pre>
 * topic    a/weather/u/4.3     a/&lt;app&gt;/u/&lt;major.minor&gt;[/s|/u]
 * payload  06 e9 03 …          the patch number, then the firmware
 * </pre>
 *
 * <p>Version {@code 4.3.6} goes to the topic of 4.3 as patch 6. Nothing else is ever published
 * there, because devices flash whatever comes on any topic they have subscribed to. <b>A topic
 * belongs to all devices of an application with the same minor version</b>: they all take the
 * image. Where each is a child of its own, give them one {@code bus}; the first update brings them
 * all there, and the others are found to run the version already.
 *
 * <p>Patch numbers end at 127. A larger one takes two bytes, whose 7-bit groups every release of
 * the parser adds instead of shifting, and loses when they come in two TCP segments. Up to 127 the
 * two encodings of the library (ENABLE_OTA_VARINT_VERSION 1 and 0) are the same byte, so that there
 * is no setting for it.
 *
 * <p>A device skips a patch number lower than its own and takes an <em>equal</em> one. An image
 * that stays at the broker under its own number is therefore flashed at every start, for ever. So
 * it is published for those who are connected now; a device that is not gets nothing. Where the
 * broker says that nobody has subscribed, the device is busy and is tried again until {@code
 * updates.busy_timeout}; it does not say so for a device that was there once, whose session it
 * keeps. For devices that come now and then there is {@code retained = true}: the image stays until
 * the device says that it runs the version, at most for {@code retain_for}, and is then removed,
 * also when the connector stops or was killed (at its next start). It needs {@code wire_patch =
 * "one less"}, by which the new image skips itself. With {@code minor_change} an image of another
 * minor version is sent to the topic the device listens to, as patch 127, which all take; the new
 * image listens elsewhere.
 *
 * <p>The parser checks nothing but that the image, the topic and two bytes fit into the slot, says
 * nothing when they do not, and starts whatever came. That the digest was compared, that the image
 * begins as a ROM image does, and that it comes as one message is all that protects it. Hence the
 * whole message lies in memory, about four times while it is made and sent; {@code max_size} bounds
 * it.
 *
 * <p>With {@code ota}, {@code ota-signed} and {@code encrypt} the firmware is packed as otatool
 * does ({@code OtaFile}, {@code SecretStream}). {@code ota-file} takes what otatool has made, so
 * that no signing key needs to lie on the gateway; with {@code ota_key_file} its signature is
 * compared too. In Sming 5.0 to 6.1 ENABLE_OTA_ADVANCED=1 does not compile, so that such devices
 * run an older or a mended one. ChaCha20 and Ed25519ph are the JDK's; Poly1305 and the framing are
 * ours, because the libraries that have them are larger than this program.
 *
 * <h2>How success is seen</h2>
 *
 * <p>If the firmware publishes its version, retained, name its topic in {@code version_topic}: then
 * an update is successful when the requested version was read there, and one that the device would
 * skip is refused at once. Without it the adapter cannot see versions: what the broker has taken is
 * success, which the log calls "Delivered, unconfirmed". In between is {@code device_client_id},
 * for a mosquitto that publishes its log ({@code log_dest topic}, {@code log_type subscribe}): then
 * an update succeeds when the device was seen to subscribe again within {@code restart_timeout}, to
 * the topic of the new minor version, and fails otherwise. That proves the minor version, and of
 * the patch only that something was flashed. There is no going back, and an installation that was
 * cut off is not repeated, because it may have been flashed.
 *
 * <p>The broker must speak MQTT 5 to us and MQTT 3.1.1 to the devices, as mosquitto does, and take
 * messages as large as the firmware. The devices' client id {@code sming} is refused.
 *
 * <p>May import {@code adapter}, {@code settings}, {@code image}, {@code operation}, {@code mqtt}
 * and the leaves {@code clock} and {@code tls}.
 */
@NullMarked
package io.github.childconnector.adapter.sming;

import org.jspecify.annotations.NullMarked;

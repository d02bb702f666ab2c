/**
 * {@code adapter = "drogue"}: devices that speak Drogue DFU, such as those built with drogue-device
 * or embedded-update. A device says again and again which version it runs and how much of another
 * it has got; the answer is the next block, the word to start what it has got (swap), or the word
 * to keep what it runs (sync).
 *
 * <h2>Configuration</h2>
 *
 * <pre>
 * [[child]]
 * id = "meter-1"
 * adapter = "drogue"
 * install_timeout = "2h"          # all blocks, at the pace of the device
 *
 *   [child.drogue]
 *   transport = "mqtt"            # default; or "drogue-cloud", "http", "serial" or "tcp"
 *   device = "meter-1"            # the device's name there; the child's id if absent
 *   directory = "/var/lib/tedge-child-connector/drogue"   # default; what was sent to devices
 *   max_block = 1024              # default; bytes of a block, whatever the device says
 *   alignment = 1                 # default; a block has a multiple of these bytes
 *   padding = ""                  # default: the last block is not filled up; or a byte, "ff"
 *   max_version = 16              # default; bytes of a version
 *   capacity = "0"                # default: not known; or the size of the device's bank
 *   attempts = 2                  # default; times the device may run the old version again
 *   idle_poll = "1m"              # default: none, the device chooses when it asks again
 *   poll_timeout = "5m"           # default; a device that is silent for this time is busy
 *
 *   host = "127.0.0.1"            # mqtt, drogue-cloud: the broker, by the keys of [mqtt]
 *   port = 1883
 *   client_id = "…"               # default: tedge-child-connector-drogue, see the man page
 *   username = "gateway"          # http: of the device; by default device@application
 *   password_file = "/etc/tedge-child-connector/meter-1.password"
 *   ca_file = "/etc/ssl/certs/ca-certificates.crt"
 *   cert_file = "…"               # http: of the server; without it, it speaks no TLS
 *   key_file = "…"
 *
 *   application = "meters"        # drogue-cloud, http: required
 *   group = "gateways"            # drogue-cloud: of those who share the application's events
 *   listen = "0.0.0.0:8080"       # http, default
 *
 *   device = "/dev/ttyUSB0"       # serial: the port, required
 *   baud = 115200                 # serial, default
 *   address = "host:5000"         # tcp: where the device, or a serial server, listens
 *   frame_gap = "500ms"           # serial, tcp; default; silence between two frames
 * </pre>
 *
 * <h2>How success is seen</h2>
 *
 * <p>A status names the version that runs. The new one is success, and is answered with a sync at
 * once: without it the device goes back at its next restart. All else is inferred, because the
 * protocol has no word for a failure: {@link io.github.childconnector.adapter.drogue.DeliveryRules}
 * recognizes devices that revert, lose what they got, say a version that is not the image's, or
 * hold what was never sent to them.
 *
 * <p>Nothing says that the device has heard the sync. So the sync tells it to ask again in 2
 * seconds. One that does so, a second sooner or some seconds later, has heard it; one that was
 * restarted before says its old version, and the update has failed. The same status at once is a
 * copy, and the same after 15 seconds and more is said by a device that got no answer. From one
 * that shows neither within a minute, because it sleeps or asks when it likes, the first status has
 * to do.
 *
 * <h2>The way of an update</h2>
 *
 * <p>{@link io.github.childconnector.adapter.drogue.DrogueAdapter} leases its {@link
 * io.github.childconnector.adapter.drogue.DfuDevice} on a {@link
 * io.github.childconnector.adapter.drogue.Transport}, which brings it statuses, and has it follow
 * an {@link io.github.childconnector.adapter.drogue.Offer}: upon each status {@link
 * io.github.childconnector.adapter.drogue.DeliveryRules} decides, from the {@link
 * io.github.childconnector.adapter.drogue.DeliveryState} so far, what is kept by {@link
 * io.github.childconnector.adapter.drogue.DeliveryFile} and then said.
 *
 * <h2>Lines</h2>
 *
 * <p>Serial ports and TCP carry frames of exactly 1024 bytes in either direction, without marks and
 * without anything by which a lost byte would be noticed: {@link
 * io.github.childconnector.adapter.drogue.FrameReader} tells them apart by silence. Of several
 * statuses only the newest is answered, once. A block has at most 968 bytes. The programs stty,
 * flock, setpriv and cat, which every Debian has, open a serial port; {@link
 * io.github.childconnector.adapter.drogue.Port.Serial} says why. A line that ends is opened again
 * after 1 to 5 seconds; the connector only connects to others, and listens for no TCP itself.
 *
 * <h2>What lasts</h2>
 *
 * <p>Devices check neither what they write nor what they start. So for each device a file says what
 * was sent to it; an offset that it does not prove is not believed. A connector that starts again
 * goes on where the device is.
 *
 * <h2>A further transport</h2>
 *
 * <p>is a {@link io.github.childconnector.adapter.drogue.Transport}, which that class makes of its
 * {@link io.github.childconnector.adapter.drogue.TransportSettings}, which {@link
 * io.github.childconnector.adapter.drogue.DrogueSettings} reads. Children with equal settings share
 * it. Messages are written and read in {@code adapter.drogue.wire}.
 *
 * <h2>Limits</h2>
 *
 * <p>Messages of TTN (LoRaWAN) within the events of Drogue Cloud, CoAP and BLE are not understood.
 */
@NullMarked
package io.github.childconnector.adapter.drogue;

import org.jspecify.annotations.NullMarked;

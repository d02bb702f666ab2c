/**
 * {@code adapter = "httpupload"}: a device that has an update page of its own is sent the image in
 * one HTTP request, as a browser or {@code curl} would. {@code examples/httpupload} has tables for
 * well-known devices.
 *
 * <h2>Configuration</h2>
 *
 * <pre>
 * [[child]]
 * id = "meter-1"
 * adapter = "httpupload"
 *
 *   [child.httpupload]
 *   url = "http://192.168.1.20/update"     # required; where the image goes
 *   method = "POST"                        # or "PUT"
 *   form = "multipart"                     # or "raw": the image is the whole body
 *   field = "firmware"                     # the form's field with the image
 *   file_name = "firmware.bin"             # its file name there
 *   fields = { MD5 = "{md5}" }             # further fields, before it; never shown
 *   prepare_url = "http://192.168.1.20/up" # asked before, by GET
 *   headers = { X-Token = "secret" }       # in every request; never shown
 *   auth = "none"                          # or "basic", "digest", "bearer"
 *   username = "admin"
 *   password_file = "/etc/tedge-child-connector/meter.password"
 *   token_file = "/etc/tedge-child-connector/meter.token"
 *   ca_file = "/etc/ssl/devices.pem"       # https: who signed its certificate
 *   certificate_sha256 = "5f70…"           # or which certificate it has, whoever signed it
 *   success_status = ["2xx"]
 *   success_pattern = "Update Success"     # must be found in the answer's first 64 KiB
 *   failure_pattern = "(?i)fail|error"     # must not
 *   answer = "expected"                    # or "optional"
 *   busy_status = ["409", "503"]
 *   version_url = "http://192.168.1.20/status"
 *   version_pointer = "/fw/version"        # a value of its JSON (RFC 6901)
 *   version_pattern = "v([0-9.]+)"         # what its one group finds, in that value or the text
 *   connect_timeout = "10s"
 *   stall_timeout = "30s"
 *   answer_timeout = "60s"
 *   repeatable = false
 * </pre>
 *
 * <p>In {@code url}, {@code prepare_url}, {@code file_name} and the values of {@code fields} stand
 * <code>{name} {version} {sha256} {md5} {size}</code> for those of the firmware and its image.
 *
 * <h2>How success is seen</h2>
 *
 * <p>The image is installed when the device's answer has a success status, holds what {@code
 * success_pattern} finds and not what {@code failure_pattern} finds: many devices say "200" and
 * mean the opposite. Whether it runs then, {@code version_url} tells, asked with the same
 * credentials; without it the answer is all there is to believe. {@code answer = "optional"} is for
 * devices that restart without an answer once they have the whole image, and needs {@code
 * version_url}.
 *
 * <p>A device that cannot be reached, or answers with a {@code busy_status} before anything of the
 * image was sent, is busy and is tried again. Once something was sent, such an answer is a failure:
 * nobody knows what the device did with it. Only {@code prepare_url} and {@code auth = "digest"}
 * make a device answer that early.
 *
 * <h2>Limits</h2>
 *
 * <p>The image is read in pieces of 8 KiB as the device takes them, and its length is told
 * beforehand, since such devices do not take chunks. It is sent once; a second time only where a
 * digest challenge was too old. Redirects are not followed and proxies not asked. Every wait ends:
 * for a connection after {@code connect_timeout}, for the device to take one more piece or to
 * answer a question after {@code stall_timeout}, for the answer to the image after {@code
 * answer_timeout}. What the gateway's network buffers still hold is treated as taken, so the last
 * of these covers it too. A device that answers in the middle of the image and closes the
 * connection may not be heard: the failure then says how many bytes were sent.
 *
 * <p>Whether an upload that was cut off may be done again is {@code repeatable}. Devices with two
 * slots discard what they got of it.
 *
 * <p>May import {@code adapter}, {@code http}, {@code image}, {@code operation}, {@code settings},
 * {@code adapter.answer} and the leaves.
 */
@NullMarked
package io.github.childconnector.adapter.httpupload;

import org.jspecify.annotations.NullMarked;

package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.httpupload.ExpectedAnswer.StatusSet;
import java.time.Duration;
import java.util.Optional;

/**
 * A child's {@code [child.httpupload]} table. A sample of it is in {@code examples/httpupload}.
 *
 * @param method how the image is sent, POST or PUT
 * @param url where the image goes
 * @param prepare an address that is asked before, for devices that want to be told
 * @param form the form in which the image is sent; empty where it is the whole body
 * @param expected what the device answers when it has taken the image
 * @param busy statuses by which it says that it cannot be updated now
 * @param access how it knows us, and we know it
 * @param limits how long is waited
 * @param version how its version is read
 * @param repeatable whether an upload that was cut off may be done again
 */
record HttpUploadSettings(
    String method,
    UrlTemplate url,
    Optional<UrlTemplate> prepare,
    Optional<Multipart> form,
    ExpectedAnswer expected,
    StatusSet busy,
    Access access,
    Limits limits,
    Optional<VersionQuery> version,
    boolean repeatable) {

  /**
   * How long is waited.
   *
   * @param connect for the connection
   * @param stall for the device to take some more of the image, or to answer a question
   * @param answer for the answer once it has taken all of it
   */
  record Limits(Duration connect, Duration stall, Duration answer) {}
}

package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.httpupload.HttpUploadSettings.Target;
import io.github.childconnector.http.HttpClients;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/** The request with the image. Its length is told beforehand: few devices can do without. */
final class ImageQuestion implements DeviceLink.Question {
  private final Target target;
  private final URI url;
  private final Installation installation;
  private final DeviceLink link;
  private IntConsumer percent = ignored -> {};
  private Transfer transfer;
  private Optional<ImageBody> body = Optional.empty();

  ImageQuestion(Target target, URI url, Installation installation, DeviceLink link) {
    this.target = target;
    this.url = url;
    this.installation = installation;
    this.link = link;
    this.transfer = link.transfer(1, percent);
  }

  /** The same, which tells how far it is. */
  ImageQuestion telling(Progress progress) {
    percent = progress::percent;
    return this;
  }

  @Override
  public HttpRequest.Builder request() throws IOException {
    byte[] head = {};
    byte[] tail = {};
    HttpRequest.Builder request = HttpClients.request(url);
    if (target.form().isMultipart()) {
      Multipart form = new Multipart(boundary());
      head = form.head(fields(), target.form().field(), fill(target.form().fileName()));
      tail = form.tail();
      request.header("Content-Type", form.contentType());
    } else {
      request.header("Content-Type", "application/octet-stream");
    }
    return request.method(target.method(), publisher(head, tail));
  }

  /** Random, so that no image holds it. */
  private static String boundary() {
    SplittableRandom random = new SplittableRandom();
    return "connector-"
        + HexFormat.of().toHexDigits(random.nextLong())
        + HexFormat.of().toHexDigits(random.nextLong());
  }

  private Map<String, String> fields() throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    for (Map.Entry<String, String> field : target.form().fields().entrySet()) {
      fields.put(field.getKey(), fill(field.getValue()));
    }
    return fields;
  }

  private String fill(String text) throws IOException {
    return new ImageValues(installation).fill(text, value -> value);
  }

  private BodyPublisher publisher(byte[] head, byte[] tail) throws IOException {
    long length = head.length + installation.image().size() + tail.length;
    transfer = link.transfer(length, percent);
    if (length == 0) {
      return BodyPublishers.noBody();
    }
    ImageBody content = new ImageBody(head, installation.image().path(), tail, transfer);
    body = Optional.of(content);
    return BodyPublishers.fromPublisher(content, length);
  }

  @Override
  public Transfer transfer() {
    return transfer;
  }

  @Override
  public void close() {
    body.ifPresent(ImageBody::close);
  }

  /** Whether the device has taken all of it in the last try. */
  boolean isTaken() {
    return transfer.isComplete() && !transfer.isUntouched();
  }
}

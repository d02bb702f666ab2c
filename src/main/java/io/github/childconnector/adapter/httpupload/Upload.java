package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.httpupload.DeviceLink.ExchangeException;
import io.github.childconnector.http.HttpClients;
import io.github.childconnector.http.HttpClients.Target;
import io.github.childconnector.http.HttpFault;
import io.github.childconnector.image.ChangedImageException;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;

/**
 * An installation: the device is told where it wants that, asked for its challenge where there may
 * be one, and sent the image.
 */
final class Upload {
  private final HttpUploadSettings settings;
  private final DeviceLink link;
  private final Installation installation;
  private final ImageValues values;
  private final Progress progress;

  /** The last try of sending the image. */
  private Optional<Transfer> last = Optional.empty();

  Upload(
      HttpUploadSettings settings, DeviceLink link, Installation installation, Progress progress) {
    this.settings = settings;
    this.link = link;
    this.installation = installation;
    this.values = new ImageValues(installation);
    this.progress = progress;
  }

  void run() throws DeviceBusyException, UpdateException, InterruptedException {
    if (settings.prepare().isPresent()) {
      progress.step(Progress.Step.PREPARE);
      prepare(url(settings.prepare().get()));
    }
    Target url = url(settings.url());
    if (link.needsChallenge()) {
      challenge(url);
    }
    progress.step(Progress.Step.WRITE);
    send(url);
  }

  private Target url(UrlTemplate template) throws UpdateException {
    try {
      return template.fill(values);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private void prepare(Target url)
      throws DeviceBusyException, UpdateException, InterruptedException {
    Reply reply = ask(url);
    if (reply.status() / 100 != 2) {
      throw failed(url, reply + "; check prepare_url");
    }
  }

  /** Asks first, or a wrong password or a missing challenge would be seen behind the image only. */
  private void challenge(Target url)
      throws DeviceBusyException, UpdateException, InterruptedException {
    Reply reply = ask(url);
    if (reply.isUnauthorized()) {
      throw failed(url, reply + "; check auth, username and the password");
    }
  }

  private Reply ask(Target url) throws DeviceBusyException, UpdateException, InterruptedException {
    try {
      Reply reply = link.get(url);
      requireFree(url, reply);
      return reply;
    } catch (ExchangeException e) {
      requireReached(url, e);
      throw failed(url, e);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private void send(Target url) throws DeviceBusyException, UpdateException, InterruptedException {
    try {
      Reply reply = link.ask(() -> sendOnce(url));
      Optional<String> objection = settings.expected().objection(reply);
      if (objection.isPresent()) {
        throw failed(url, objection.get());
      }
      progress.message("The device " + reply);
    } catch (ExchangeException e) {
      boolean taken = last.filter(Transfer::isTaken).isPresent();
      if (!taken || !settings.expected().isOptional()) {
        requireReached(url, e);
        throw failed(url, e);
      }
      progress.message("The device has taken the image, but " + e.getMessage());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Sends the image with its length told beforehand: few devices can do without. */
  private Reply sendOnce(Target url) throws IOException, InterruptedException {
    FirmwareImage image = installation.image();
    String boundary = Multipart.boundary();
    Optional<Multipart> form = settings.form();
    byte[] head = form.isPresent() ? form.get().head(boundary, values) : new byte[0];
    byte[] tail = form.isPresent() ? Multipart.tail(boundary) : new byte[0];
    long length = head.length + image.size() + tail.length;
    Transfer transfer = link.transfer(length, progress::percent);
    last = Optional.of(transfer);
    try (ImageBody body = new ImageBody(head, image.open(), tail, transfer)) {
      HttpRequest.Builder request =
          HttpClients.request(url.url())
              .header(
                  "Content-Type",
                  form.isPresent() ? Multipart.contentType(boundary) : "application/octet-stream")
              .method(
                  settings.method(),
                  length == 0
                      ? BodyPublishers.noBody()
                      : BodyPublishers.fromPublisher(body, length));
      return body.sent(() -> link.send(url, request, transfer));
    }
  }

  private void requireFree(Target url, Reply reply) throws DeviceBusyException {
    if (settings.busy().contains(reply.status())) {
      throw new DeviceBusyException("the device at " + UrlTemplate.shown(url) + " " + reply);
    }
  }

  /** A device that is away now may be back soon; nothing was changed on it. */
  private static void requireReached(Target url, ExchangeException fault)
      throws DeviceBusyException {
    if (fault.kind() == HttpFault.Kind.UNREACHABLE) {
      throw new DeviceBusyException(
          "the device at %s is not there, %s"
              .formatted(UrlTemplate.shown(url), fault.getMessage()));
    }
  }

  private static UpdateException failed(Target url, ExchangeException fault) {
    return new UpdateException(
        FailureCode.INSTALL_FAILED,
        "The image could not be sent to %s: %s. Check the device, then send the update again."
            .formatted(UrlTemplate.shown(url), fault.getMessage()),
        fault);
  }

  private static UpdateException failed(Target url, String did) {
    return new UpdateException(
        FailureCode.INSTALL_FAILED,
        "The device at %s did not accept the image: it %s.".formatted(UrlTemplate.shown(url), did));
  }

  private UpdateException unreadable(IOException fault) {
    return ChangedImageException.failure(installation.image(), fault);
  }
}

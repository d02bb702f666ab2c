package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.answer.VersionFinder;
import io.github.childconnector.adapter.answer.VersionFinder.NoVersionException;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;

/**
 * The address at which the device is asked for the version it runs, and how that is found in its
 * answer.
 */
record VersionQuery(UrlTemplate url, VersionFinder finder) {

  String read(DeviceLink link) throws UpdateException, InterruptedException {
    try {
      return find(link.get(url.target()));
    } catch (IOException e) {
      throw unreadable(String.valueOf(e.getMessage()), e);
    }
  }

  private String find(Reply reply) throws UpdateException {
    try {
      if (reply.status() / 100 != 2) {
        throw new NoVersionException("check version_url");
      }
      return finder.find(reply.text());
    } catch (NoVersionException e) {
      throw unreadable("it " + reply + "; " + e.getMessage(), e);
    }
  }

  private UpdateException unreadable(String why, Exception cause) {
    return new UpdateException(
        FailureCode.VERSION_UNREADABLE,
        "The device at %s does not tell its version: %s."
            .formatted(UrlTemplate.shown(url.target()), why),
        cause);
  }
}

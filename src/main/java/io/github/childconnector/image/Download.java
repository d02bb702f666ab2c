package io.github.childconnector.image;

import io.github.childconnector.http.StallWatch;
import io.github.childconnector.image.PartFile.ResumePoint;
import io.github.childconnector.image.Tries.Fetch;
import io.github.childconnector.image.Tries.TryFailedException;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Brings one image into its part file, in as many tries as it takes, until its digest matches.
 * Every IOException is the disk's; what the network does becomes a failed try.
 */
final class Download {
  private final Fetch fetch;
  private final Answer.Source source;
  private final SizeLimits limits;
  private final Tries tries;
  private boolean mismatched;

  Download(Fetch fetch, Answer.Source source, SizeLimits limits, Tries tries) {
    this.fetch = fetch;
    this.source = source;
    this.limits = limits;
    this.tries = tries;
  }

  /** Returns the image once it is whole, verified and safe on the disk. */
  FirmwareImage into(PartFile part) throws UpdateException, IOException, InterruptedException {
    while (!part.matches()) {
      try {
        transfer(part);
        refuseMismatch(part);
      } catch (TryFailedException e) {
        pauseUnlessWhole(part, e);
      }
    }
    return part.publish();
  }

  private void pauseUnlessWhole(PartFile part, TryFailedException e)
      throws UpdateException, InterruptedException {
    if (!part.matches()) {
      tries.pauseAfter(e);
    }
  }

  private void transfer(PartFile part)
      throws TryFailedException, UpdateException, IOException, InterruptedException {
    try (StallWatch watch = tries.watch();
        Answer answer = ask(part, watch)) {
      answer.requireImage(part.resumePoint().isPresent());
      if (answer.isWhole()) {
        part.restart(answer.tag());
      }
      limits.expect(part.size(), answer.total());
      copy(answer, part);
    }
  }

  /** Asks for the rest of the part, or for the whole where the server cannot continue it. */
  private Answer ask(PartFile part, StallWatch watch)
      throws TryFailedException, UpdateException, IOException, InterruptedException {
    Optional<ResumePoint> point = part.resumePoint();
    Answer answer = source.get(fetch.url(), point, watch);
    if (point.filter(answer::breaks).isEmpty()) {
      return answer;
    }
    answer.close();
    part.restart(Optional.empty());
    return source.get(fetch.url(), Optional.empty(), watch);
  }

  private void copy(Answer answer, PartFile part)
      throws TryFailedException, UpdateException, IOException, InterruptedException {
    OptionalLong total = answer.total();
    byte[] chunk = new byte[FileDigest.CHUNK];
    for (int length = answer.read(chunk); length >= 0; length = answer.read(chunk)) {
      limits.grow(part.size() + length);
      part.append(chunk, length);
      fetch.progress().bytes(part.size(), total);
    }
    if (total.isPresent() && total.getAsLong() != part.size()) {
      throw new TryFailedException(
          "only %d of %d bytes came".formatted(part.size(), total.getAsLong()));
    }
  }

  /** A body may be spoilt on its way once; spoilt twice, it is the wrong one. */
  private void refuseMismatch(PartFile part) throws UpdateException, IOException {
    if (part.matches()) {
      return;
    }
    String fault =
        "The image at %s has the SHA-256 %s in its %d bytes, not %s as requested"
            .formatted(fetch.url(), part.digest(), part.size(), fetch.digest());
    if (mismatched) {
      throw new UpdateException(
          FailureCode.DIGEST_MISMATCH,
          fault + ", also when fetched again; upload the firmware again.");
    }
    fetch.progress().trouble(fault + "; it is fetched once more");
    mismatched = true;
    part.restart(Optional.empty());
  }
}

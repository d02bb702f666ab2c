package io.github.childconnector.image;

import io.github.childconnector.disk.SizeText;
import io.github.childconnector.http.StallWatch;
import io.github.childconnector.image.PartFile.ResumePoint;
import io.github.childconnector.image.Tries.TryFailedException;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Brings one image into its part file, in as many tries as it takes, until its digest matches, or
 * where none was promised, until all that the server has announced is there. Every IOException is
 * the disk's; what the network does becomes a failed try.
 */
final class Download {
  /** The number of bytes that may come between two looks at the disk. */
  private static final long LOOK_INTERVAL = 4L << 20;

  private final Tries tries;
  private final Answer.Source source;
  private final ImageFiles files;
  private final long maxSize;
  private final ImageUrl url;
  private long nextLook;
  private boolean mismatched;

  Download(Tries tries, Answer.Source source, ImageFiles files, long maxSize) {
    this.tries = tries;
    this.source = source;
    this.files = files;
    this.maxSize = maxSize;
    this.url = tries.url();
  }

  /** Returns when the image is whole, and verified where its digest was promised. */
  void into(PartFile part) throws UpdateException, IOException, InterruptedException {
    while (!part.isWhole()) {
      try {
        transfer(part);
        acceptEnd(part);
      } catch (TryFailedException e) {
        pauseUnlessWhole(part, e);
      }
    }
  }

  private void acceptEnd(PartFile part) throws UpdateException, IOException {
    if (part.promised().isPresent()) {
      refuseMismatch(part, part.promised().get());
    } else {
      refuseEmpty(part);
      part.end();
    }
  }

  private void pauseUnlessWhole(PartFile part, TryFailedException e)
      throws UpdateException, InterruptedException {
    if (!part.isWhole()) {
      tries.pauseAfter(e);
    }
  }

  private void transfer(PartFile part)
      throws TryFailedException, UpdateException, IOException, InterruptedException {
    try (StallWatch watch = tries.watch();
        Answer answer = ask(part, watch)) {
      answer.requireImage(part.resumePoint().isPresent());
      if (part.promised().isEmpty()) {
        answer.requireAnEnd();
      }
      if (answer.isWhole()) {
        part.restart(answer.tag());
      }
      expect(part.size(), answer.total());
      copy(answer, part);
    }
  }

  /** Asks for the rest of the part, or for the whole where the server cannot continue it. */
  private Answer ask(PartFile part, StallWatch watch)
      throws TryFailedException, UpdateException, IOException, InterruptedException {
    Optional<ResumePoint> point = part.resumePoint();
    Answer answer = source.get(url, point, watch);
    boolean isCompared = part.promised().isPresent();
    if (point.filter(from -> answer.breaks(from, isCompared)).isEmpty()) {
      return answer;
    }
    answer.close();
    part.restart(Optional.empty());
    return source.get(url, Optional.empty(), watch);
  }

  private void copy(Answer answer, PartFile part)
      throws TryFailedException, UpdateException, IOException, InterruptedException {
    OptionalLong total = answer.total();
    byte[] chunk = new byte[Sha256.CHUNK];
    for (int length = answer.read(chunk); length >= 0; length = answer.read(chunk)) {
      grow(part.size() + length);
      part.append(chunk, length);
      tries.progress().bytes(part.size(), total);
    }
    if (total.isPresent() && total.getAsLong() != part.size()) {
      long came = part.size();
      if (came > total.getAsLong() && !part.isWhole()) {
        part.restart(Optional.empty());
      }
      throw new TryFailedException(
          "%d bytes came, where %d were announced".formatted(came, total.getAsLong()));
    }
  }

  /**
   * Refuses, before the first byte where the server says how much will come, an image that is too
   * large or finds no room; {@code have} bytes of {@code total} are here.
   */
  private void expect(long have, OptionalLong total) throws UpdateException, IOException {
    requireSize(total.orElse(have));
    files.requireRoom(url, total.orElse(have) - have);
    nextLook = have + LOOK_INTERVAL;
  }

  /** Refuses the same while the bytes come; the image is about to have {@code size} of them. */
  private void grow(long size) throws UpdateException, IOException {
    requireSize(size);
    if (size >= nextLook) {
      files.requireRoom(url, 0);
      nextLook = size + LOOK_INTERVAL;
    }
  }

  private void requireSize(long size) throws UpdateException {
    if (size > maxSize) {
      throw new UpdateException(
          FailureCode.IMAGE_TOO_LARGE,
          "The image at %s is larger than the %s of download.max_size; raise that if it is right."
              .formatted(url, SizeText.of(maxSize)));
    }
  }

  /** A body may be spoilt on its way once; spoilt twice, it is the wrong one. */
  private void refuseMismatch(PartFile part, Sha256 promised) throws UpdateException, IOException {
    if (part.isWhole()) {
      return;
    }
    String fault = mismatch(part, promised);
    if (mismatched) {
      throw UpdateException.mismatch(
          fault + ", also when fetched again; upload the firmware again.", part.digest());
    }
    tries.progress().trouble(fault + "; it is fetched once more");
    mismatched = true;
    part.restart(Optional.empty());
  }

  /** An upload that failed leaves an empty file in the cloud. */
  private void refuseEmpty(PartFile part) throws UpdateException {
    if (part.size() == 0) {
      throw new UpdateException(
          FailureCode.REQUEST_INVALID,
          "The file at %s is empty, which is no firmware. Upload the firmware again."
              .formatted(url));
    }
  }

  private String mismatch(PartFile part, Sha256 promised) {
    return part.size() == 0
        ? "The file at %s is empty, and not the image with the SHA-256 %s that was requested"
            .formatted(url, promised)
        : "The image at %s has the SHA-256 %s in its %d bytes, not %s as requested"
            .formatted(url, part.digest(), part.size(), promised);
  }
}

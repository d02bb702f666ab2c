package io.github.childconnector.adapter.httpupload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.httpupload.HttpUploadSettings.Limits;
import io.github.childconnector.clock.FakeClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageBodyTest {
  private static final byte[] IMAGE = Bench.bytes(20_000);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Transfer transfer =
      new Transfer(20_010, new Limits(MINUTE, MINUTE, MINUTE), FakeClock.standing(), ignored -> {});
  private final RecordingSubscriber device = new RecordingSubscriber();
  private final Path file;

  ImageBodyTest(@TempDir Path directory) throws IOException {
    file = Files.write(directory.resolve("image"), IMAGE);
  }

  private ImageBody body() throws IOException {
    return body(Files.newInputStream(file));
  }

  private ImageBody body(InputStream image) {
    return new ImageBody("head:".getBytes(UTF_8), image, ":tail".getBytes(UTF_8), transfer);
  }

  private static final class RecordingSubscriber implements Flow.Subscriber<ByteBuffer> {
    private final List<byte[]> pieces = new ArrayList<>();
    private Optional<Flow.Subscription> subscription = Optional.empty();
    private Optional<Throwable> fault = Optional.empty();
    private boolean complete;
    private boolean greedy;

    void request(long count) {
      subscription.orElseThrow().request(count);
    }

    byte[] all() {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      pieces.forEach(all::writeBytes);
      return all.toByteArray();
    }

    @Override
    public void onSubscribe(Flow.Subscription coming) {
      subscription = Optional.of(coming);
    }

    @Override
    public void onNext(ByteBuffer piece) {
      byte[] bytes = new byte[piece.remaining()];
      piece.get(bytes);
      pieces.add(bytes);
      if (greedy) {
        request(1);
      }
    }

    @Override
    public void onError(Throwable reason) {
      fault = Optional.of(reason);
    }

    @Override
    public void onComplete() {
      complete = true;
    }
  }

  @Test
  void aDeviceThatEndsTheConnectionAtTheLastByteHasTakenEverything() throws IOException {
    body().subscribe(device);
    device.request(2);
    transfer.ended();
    assertThat(transfer.isTaken()).isFalse();
    device.request(1);
    assertThat(device.all()).hasSize(20_010);
    transfer.ended();
    assertThat(transfer.isTaken()).isTrue();
  }

  @Test
  void nothingIsReadBeforeItIsWanted() throws IOException {
    body().subscribe(device);
    assertThat(device.pieces).isEmpty();
    device.request(1);

    assertThat(device.pieces).singleElement().satisfies(it -> assertThat(it).hasSize(8192));
    assertThat(transfer.extent()).isEqualTo("8192 of 20010 bytes were sent");
  }

  @Test
  void theEndIsToldWhenTheLastPieceWasTaken() throws IOException {
    body().subscribe(device);
    device.request(3);
    assertThat(transfer.isTaken()).isFalse();
    assertThat(device.complete).isFalse();
    device.request(1);

    assertThat(transfer.isTaken()).isTrue();
    assertThat(device.complete).isTrue();
    assertThat(device.all()).startsWith("head:".getBytes(UTF_8)).endsWith(":tail".getBytes(UTF_8));
    assertThat(device.all()).hasSize(20_010).containsSequence(IMAGE);
  }

  @Test
  void whoAsksWithinAPieceGetsTheNextBehindIt() throws IOException {
    device.greedy = true;
    body().subscribe(device);
    device.request(Long.MAX_VALUE);

    assertThat(device.complete).isTrue();
    assertThat(device.all()).hasSize(20_010);
  }

  @Test
  void nothingComesBehindItsEnd() throws IOException {
    ImageBody body = body();
    body.subscribe(device);
    device.request(1);
    body.close();
    device.request(5);

    assertThat(device.pieces).hasSize(1);
    assertThat(device.complete).isFalse();
  }

  /** Whatever the device has answered before the end of the image must be told. */
  @Test
  void anImageThatCannotBeClosedIsNoFault() {
    ImageBody body =
        body(
            new ByteArrayInputStream(IMAGE) {
              @Override
              public void close() throws IOException {
                throw new IOException("the disk is gone");
              }
            });
    body.subscribe(device);
    device.request(1);
    body.close();
    device.request(1);

    assertThat(device.pieces).hasSize(1);
    assertThat(device.fault).isEmpty();
  }

  @Test
  void itIsNotSentTwice() throws IOException {
    ImageBody body = body();
    body.subscribe(device);
    RecordingSubscriber second = new RecordingSubscriber();
    body.subscribe(second);

    assertThat(second.fault).containsInstanceOf(IOException.class);
  }
}

package io.github.childconnector.adapter.httpupload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.operation.FailureCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An image whose stored bytes changed after their digest was compared. */
@IntegrationTest
class ChangedImageTest {
  /** More than the connection holds when the device does not read. */
  private static final int SIZE = 20_000_000;

  private final Progress progress = new RecordingProgress();
  private FakeBoard board = new FakeBoard();
  private Bench bench = new Bench(Path.of("."));

  ChangedImageTest() throws IOException {}

  @BeforeEach
  void setUp(@TempDir Path directory) {
    bench = new Bench(directory);
  }

  @AfterEach
  void tearDown() {
    board.close();
  }

  private FailureCode fail(Installation installation, String... lines) {
    String url = "url = \"" + board.url("/update") + "\"";
    String[] all = new String[lines.length + 1];
    all[0] = url;
    System.arraycopy(lines, 0, all, 1, lines.length);
    return Bench.failure(() -> bench.adapter(all).install(installation, progress)).code();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "form = \"multipart\"",
        "form = \"raw\"",
        "answer = \"optional\"\nversion_url = \"http://127.0.0.1:1/v\""
      })
  void isNotSentAsAWhole(String form) {
    board.on(
        "POST /update",
        visit -> {
          visit.readBody();
          visit.answer("200 OK", "OK");
        });
    Installation installation = bench.installation(Bench.bytes(300_000));
    FirmwareImages.change(installation.image());

    assertThat(fail(installation, form)).isEqualTo(FailureCode.DIGEST_MISMATCH);
    assertThat(board.visits("POST /update"))
        .allSatisfy(visit -> assertThat(visit.body().length).isLessThan(300_000));
  }

  @Test
  void isNotSentAsAWholeWhereItChangesMeanwhile() throws Exception {
    Installation installation = bench.installation(Bench.bytes(SIZE));
    CountDownLatch read = new CountDownLatch(1);
    board.on(
        "POST /update",
        visit -> {
          visit.readBody(100_000);
          FirmwareImages.change(installation.image());
          read.countDown();
          visit.readBody();
          visit.answer("200 OK", "OK");
        });

    assertThat(fail(installation, "form = \"raw\"")).isEqualTo(FailureCode.DIGEST_MISMATCH);
    read.await();
    assertThat(board.visits("POST /update"))
        .allSatisfy(visit -> assertThat(visit.body().length).isLessThan(SIZE));
  }

  /** It cannot have seen the end of the image. */
  @Test
  void isNoSuccessWhateverTheDeviceSays() {
    board.on(
        "POST /update",
        visit -> {
          visit.answer("200 OK", "OK");
          visit.awaitLeft();
        });
    Installation installation = bench.installation(Bench.bytes(1_000));
    FirmwareImages.change(installation.image());

    assertThat(fail(installation, "form = \"raw\"")).isEqualTo(FailureCode.DIGEST_MISMATCH);
  }

  @Test
  void isNotHashedForAFormFieldEither() {
    Installation installation = bench.installation(Bench.bytes(1_000));
    FirmwareImages.change(installation.image());

    assertThat(fail(installation, "fields = { MD5 = \"{md5}\" }"))
        .isEqualTo(FailureCode.DIGEST_MISMATCH);
    assertThat(board.visits("POST /update")).isEmpty();
  }
}

package io.github.childconnector.adapter.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.image.ChangedImageException;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
final class FilePlaceTest {
  private static final OperationKey FIRST = new OperationKey(new ChildId("plc"), "first");
  private static final OperationKey SECOND = new OperationKey(new ChildId("plc"), "second");

  @TempDir Path directory;

  private Path file;
  private FilePlace place;
  private final RecordingProgress progress = new RecordingProgress();

  @BeforeEach
  void choose() throws IOException {
    file = Files.createDirectory(directory.resolve("tftp")).resolve("plc.bin");
    place = new FilePlace(file);
  }

  @AfterEach
  void onlyPercentsAreTold() {
    assertThat(progress.said()).allMatch(told -> told.matches("(\\d|[1-9]\\d|100)%"));
  }

  private FirmwareImage image(String text) throws IOException {
    return FirmwareImages.verified(Files.writeString(directory.resolve("image"), text));
  }

  private void put(OperationKey key, String text) throws Exception {
    place.keepPrevious(key);
    place.put(image(text), progress);
  }

  @Test
  void theFileBeforeTheLastUpdateComesBack() throws Exception {
    put(FIRST, "one");
    put(SECOND, "two");
    assertThat(file).hasContent("two");
    assertThat(place.restore(SECOND)).isTrue();
    assertThat(file).hasContent("one");
    assertThat(place.restore(SECOND)).isTrue();
    assertThat(file).hasContent("one");
  }

  @Test
  void whereThereWasNoFileThereIsNoneAgain() throws Exception {
    put(FIRST, "one");
    assertThat(place.restore(FIRST)).isTrue();
    assertThat(file).doesNotExist();
    assertThat(place.restore(FIRST)).isTrue();
  }

  @Test
  void doneAgainItKeepsWhatWasThereBefore() throws Exception {
    put(FIRST, "one");
    put(SECOND, "two");
    put(SECOND, "two");
    place.restore(SECOND);
    assertThat(file).hasContent("one");
  }

  @Test
  void theSameImageAgainIsRestoredToItself() throws Exception {
    Files.writeString(file, "old");
    put(FIRST, "one");
    put(SECOND, "one");
    place.restore(SECOND);
    assertThat(file).hasContent("one");
  }

  @Test
  void whatAnotherOperationPutThereStays() throws Exception {
    put(FIRST, "one");
    assertThat(place.restore(SECOND)).isFalse();
    assertThat(file).hasContent("one");
  }

  @Test
  void anOlderPreviousIsNotTakenForThisOne() throws Exception {
    put(FIRST, "one");
    put(SECOND, "two");
    Files.delete(file);
    put(FIRST, "three");
    place.restore(FIRST);
    assertThat(file).doesNotExist();
  }

  @Test
  void leavesNothingHalfWritten() throws Exception {
    put(FIRST, "one");
    put(SECOND, "two");
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .containsExactlyInAnyOrder("plc.bin", "plc.bin.previous", ".plc.bin.operation");
    }
  }

  @Test
  void aHalfWrittenOneIsOverwritten() throws Exception {
    Files.writeString(file.resolveSibling(".plc.bin.part"), "longer than what comes");
    put(FIRST, "one");
    assertThat(file).hasContent("one");
  }

  @Test
  void othersMayReadANewFileAndAnOldOneKeepsItsMode() throws Exception {
    put(FIRST, "one");
    assertThat(mode()).isEqualTo("rw-r--r--");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
    put(SECOND, "two");
    assertThat(mode()).isEqualTo("rw-rw----");
    place.restore(SECOND);
    assertThat(mode()).isEqualTo("rw-rw----");
  }

  private String mode() throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void aDamagedImageIsNotPutThere() throws Exception {
    put(FIRST, "one");
    FirmwareImage image = image("two");
    Files.writeString(image.path(), "tw0");
    assertThatThrownBy(() -> place.put(image, progress)).isInstanceOf(ChangedImageException.class);
    assertThat(file).hasContent("one");
    assertThat(part()).doesNotExist();
  }

  @Test
  void anInterruptLeavesTheOldFile() throws Exception {
    put(FIRST, "one");
    FirmwareImage image = image("two");
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> place.put(image, progress)).isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
    assertThat(file).hasContent("one");
  }

  private Path part() {
    return file.resolveSibling(".plc.bin.part");
  }

  @Test
  void oneThatChangesWhileItIsWrittenIsNotPutThere() throws Exception {
    put(FIRST, "one");
    FirmwareImage image = image("two".repeat(1_000_000));
    RecordingProgress changing =
        new RecordingProgress() {
          @Override
          public void percent(int percent) {
            if (said().isEmpty()) {
              FirmwareImages.change(image);
            }
            super.percent(percent);
          }
        };

    assertThatThrownBy(() -> place.put(image, changing)).isInstanceOf(ChangedImageException.class);
    assertThat(changing.said()).doesNotContain("100%");
    assertThat(file).hasContent("one");
    assertThat(part()).doesNotExist();
  }

  @Test
  void anEmptyImageNeverTakesThePlaceOfAFile() throws Exception {
    put(FIRST, "one");
    assertThatThrownBy(() -> put(SECOND, "")).hasMessageContaining("is empty");
    assertThat(file).hasContent("one");
  }

  /** Whoever may write to the directory, as by TFTP, may put links there. */
  @Test
  void nothingIsWrittenThroughALink() throws Exception {
    Path victim = Files.writeString(directory.resolve("victim"), "secret");
    Files.setPosixFilePermissions(victim, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(file, "old");
    for (String name : List.of(".plc.bin.part", "plc.bin.previous", ".plc.bin.operation")) {
      Files.createSymbolicLink(file.resolveSibling(name), victim);
    }
    put(FIRST, "one");

    assertThat(victim).hasContent("secret");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(victim)))
        .isEqualTo("rw-------");
    assertThat(file).hasContent("one");
    assertThat(file.resolveSibling("plc.bin.previous")).isRegularFile().hasContent("old");
    assertThat(place.restore(FIRST)).isTrue();
    assertThat(file).hasContent("old");
  }

  @Test
  void aLinkInTheDevicesPlaceIsKeptAsALink() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "secret");
    Files.createSymbolicLink(file, secret);
    put(FIRST, "one");

    assertThat(file.resolveSibling("plc.bin.previous")).isSymbolicLink();
    assertThat(file).isRegularFile().hasContent("one");
    assertThat(mode()).isEqualTo("rw-r--r--");
    assertThat(secret).hasContent("secret");
    assertThat(place.restore(FIRST)).isTrue();
    assertThat(Files.readSymbolicLink(file)).isEqualTo(secret);
    assertThat(Files.exists(part(), LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @Test
  void whatIsNoFileIsNotWaitedFor() throws Exception {
    Files.createDirectory(file);
    assertThatThrownBy(() -> put(FIRST, "one")).hasMessageContaining("is no file");
    Files.delete(file);
    Path endless =
        Files.createSymbolicLink(file.resolveSibling(".plc.bin.operation"), Path.of("/dev/zero"));
    put(FIRST, "one");
    assertThat(endless).isRegularFile();
  }
}

package io.github.childconnector.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.operation.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MismatchesTest {
  private static final Path FILE = Path.of("/operations/mismatches");
  private static final Sha256 PROMISED = new Sha256("a".repeat(64));
  private static final Sha256 HELD = new Sha256("b".repeat(64));

  private final FakeDisk disk = new FakeDisk();
  private final Mismatches mismatches = new Mismatches(FILE, disk);

  @BeforeEach
  void directory() {
    disk.createDirectory(Path.of("/operations"));
  }

  private static String url(String child, String file) {
    return "http://gw:8000/te/v1/files/" + child + "/firmware_update/" + file;
  }

  @Test
  void whatWasRefusedIsKnownForEveryChildAndInTheNextProcess() throws IOException {
    mismatches.add(url("plc", "93d5"), PROMISED, HELD);
    Mismatches later = new Mismatches(FILE, disk);
    assertThat(later.promisedBefore(url("pump", "93d5"), HELD)).contains(PROMISED);
    assertThat(later.promisedBefore(url("pump", "93d5") + "?x=/y", HELD)).contains(PROMISED);
  }

  @Test
  void theRightBytesAndOtherFilesAreWelcome() throws IOException {
    mismatches.add(url("plc", "93d5"), PROMISED, HELD);
    assertThat(mismatches.promisedBefore(url("plc", "93d5"), PROMISED)).isEmpty();
    assertThat(mismatches.promisedBefore(url("plc", "other"), HELD)).isEmpty();
  }

  @Test
  void theOldestIsForgottenBeyondTheBound() throws IOException {
    for (int i = 0; i < Mismatches.KEPT; i++) {
      mismatches.add(url("plc", "file" + i), PROMISED, HELD);
    }
    mismatches.add(url("plc", "file7"), PROMISED, HELD);
    assertThat(mismatches.promisedBefore(url("plc", "file0"), HELD)).contains(PROMISED);
    mismatches.add(url("plc", "another"), PROMISED, HELD);
    assertThat(mismatches.promisedBefore(url("plc", "file0"), HELD)).isEmpty();
    assertThat(mismatches.promisedBefore(url("plc", "file1"), HELD)).contains(PROMISED);
    assertThat(mismatches.promisedBefore(url("plc", "another"), HELD)).contains(PROMISED);
  }

  @Test
  void aDamagedLineHidesNoOther() throws IOException {
    mismatches.add(url("plc", "93d5"), PROMISED, HELD);
    String text = new String(disk.read(FILE).readAllBytes(), StandardCharsets.US_ASCII);
    disk.put(FILE, ("torn\n" + text + "\0\0\0").getBytes(StandardCharsets.US_ASCII));
    assertThat(mismatches.promisedBefore(url("plc", "93d5"), HELD)).contains(PROMISED);
  }
}

package io.github.childconnector.adapter.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionNotesTest {
  private static final OperationKey OPERATION = new OperationKey(new ChildId("plc"), "op");
  private static final OperationKey OTHER = new OperationKey(new ChildId("plc"), "other");
  private static final long THIS = ProcessHandle.current().pid();

  @TempDir private Path directory = Path.of("");

  private SessionNotes notes() {
    return new SessionNotes(directory.resolve("sessions"));
  }

  @Test
  void aSessionIsFoundByTheNextConnectorUntilItIsForgotten() {
    Optional<Path> note = notes().note(OPERATION, THIS);

    assertThat(notes().left(OPERATION)).containsExactly(THIS);
    assertThat(notes().left(OTHER)).isEmpty();
    notes().forget(note);
    assertThat(notes().left(OPERATION)).isEmpty();
  }

  @Test
  void allOfAnOperationAreForgotten() {
    Optional<Path> note = notes().note(OPERATION, THIS);
    notes().forgetAll(OTHER);
    assertThat(note.orElseThrow()).exists();
    notes().forgetAll(OPERATION);
    assertThat(note.orElseThrow()).doesNotExist();
  }

  @Test
  void aProcessThatHasGotTheNumberSinceIsLeftAlone() throws Exception {
    Path note = notes().note(OPERATION, THIS).orElseThrow();
    String[] words = Files.readString(note).strip().split(" ", 5);
    Files.writeString(note, words[0] + " " + THIS + " " + (Long.parseLong(words[2]) + 1));
    assertThat(notes().left(OPERATION)).isEmpty();

    Files.writeString(note, "another-boot " + THIS + " " + words[2]);
    assertThat(notes().left(OPERATION)).isEmpty();
    Files.writeString(note, "");
    assertThat(notes().left(OPERATION)).isEmpty();
  }

  @Test
  void whatIsGivenUpIsKnownToEveryOperationOfTheChild() {
    Optional<Path> unused = notes().note(OPERATION, THIS);
    assertThat(notes().givenUp(OTHER.child())).isEmpty();
    assertThat(notes().isGivenUp(OPERATION)).isFalse();

    notes().giveUp(OPERATION, Set.of(ProcessHandle.current()));

    assertThat(notes().givenUp(OTHER.child())).containsExactly(THIS);
    assertThat(notes().givenUp(new ChildId("pump"))).isEmpty();
    assertThat(notes().isGivenUp(OPERATION)).isTrue();
    assertThat(notes().isGivenUp(OTHER)).isFalse();
    notes().forgetGivenUp(OTHER.child());
    assertThat(notes().left(OPERATION)).isEmpty();
  }

  @Test
  void aSessionWhoseLeaderHasEndedIsStillLookedFor() throws Exception {
    Path note = notes().note(OPERATION, THIS).orElseThrow();
    String boot = Files.readString(note).split(" ", 2)[0];
    Files.writeString(note, boot + " 4194305 17");

    assertThat(notes().left(OPERATION)).containsExactly(4194305L);
  }

  /** Who else can write there could have any process of this user ended. */
  @Test
  void aDirectoryThatOthersCanUseIsNot() throws Exception {
    Path note = notes().note(OPERATION, THIS).orElseThrow();
    Files.setPosixFilePermissions(note.getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThat(notes().left(OPERATION)).isEmpty();
    assertThat(notes().note(OPERATION, THIS)).isEmpty();
  }

  @Test
  void aLinkIsNoDirectoryOfOurs() throws Exception {
    Files.createSymbolicLink(
        directory.resolve("sessions"), Files.createDirectory(directory.resolve("elsewhere")));

    assertThat(notes().note(OPERATION, THIS)).isEmpty();
  }
}

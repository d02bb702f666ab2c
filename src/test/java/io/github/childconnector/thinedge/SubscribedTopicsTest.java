package io.github.childconnector.thinedge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.disk.BrokenDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@IntegrationTest
class SubscribedTopicsTest {
  @TempDir Path directory;
  private final BrokenDisk disk = new BrokenDisk();
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("subscriptions");
  }

  private SubscribedTopics of(String... children) {
    return new SubscribedTopics(file, disk, LegacyTopics::isRequest, topics(children));
  }

  private static Set<String> topics(String... children) {
    return Arrays.stream(children).map(SubscribedTopicsTest::topic).collect(Collectors.toSet());
  }

  private static String topic(String child) {
    return "tedge/" + child + "/commands/req/firmware_update";
  }

  @Test
  void whatIsNotWantedAnyMoreIsDroppedUntilTheBrokerHasGivenItUp() {
    of("a", "b").begin();
    SubscribedTopics later = of("b", "c");
    later.begin();
    assertThat(later.dropped()).isEqualTo(topics("a"));
    assertThat(of("b", "c").dropped()).isEqualTo(topics("a"));
    later.settled();
    assertThat(of("b", "c").dropped()).isEmpty();
    assertThat(of().dropped()).isEqualTo(topics("b", "c"));
  }

  @Test
  void whatNobodyChangedIsNotWrittenAgain() {
    of("a").begin();
    int changes = disk.changes().size();
    SubscribedTopics again = of("a");
    again.begin();
    again.settled();
    assertThat(disk.changes()).hasSize(changes);
  }

  @Test
  void whatIsNoTopicOfARequestIsLeftOut() throws IOException {
    String line = topic("a");
    Files.writeString(file, "\0\n#\n\ntedge/+/commands/req/firmware_update\n" + line + "\ntedg");
    assertThat(of().dropped()).isEqualTo(topics("a"));
  }

  @Test
  void whatAKilledProcessHasLeftIsRemoved() throws IOException {
    of("a").begin();
    Path leftover = Files.writeString(directory.resolve("subscriptions.tmp"), "tedg");
    of("a").begin();
    assertThat(leftover).doesNotExist();
    assertThat(of().dropped()).isEqualTo(topics("a"));
  }

  @Test
  void aDiskThatFailsHoldsNothingUp() {
    disk.breakAfter(0);
    SubscribedTopics topics = of("a");
    topics.begin();
    topics.settled();
    disk.repair();
    assertThat(of().dropped()).isEmpty();
  }

  @Test
  void whatCannotBeReadHoldsNothingUp() throws IOException {
    Files.createDirectory(file);
    assertThat(of("a").dropped()).isEmpty();
  }
}

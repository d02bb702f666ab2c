package io.github.childconnector.adapter.sming;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.program.ScriptedSettings;
import io.github.childconnector.adapter.sming.VersionRules.WirePatch;
import io.github.childconnector.operation.ChildId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the table may say. */
class SmingAdapterProviderTest {
  private static final ChildId CHILD = new ChildId("gateway7:device:weather");

  private static ScriptedSettings minimal() {
    return new ScriptedSettings().with("app", "test").with("listens_to", "4.3");
  }

  private static SmingSettings read(ScriptedSettings settings) {
    SmingSettings read = SmingSettings.read(CHILD, settings.section());
    assertThat(settings.problems()).isEmpty();
    return read;
  }

  private static List<String> problems(ScriptedSettings settings) {
    new SmingAdapterProvider().create(CHILD, settings.section());
    return settings.problems();
  }

  @Test
  void isFound() {
    assertThat(ServiceLoader.load(AdapterProvider.class))
        .hasAtLeastOneElementOfType(SmingAdapterProvider.class);
    assertThat(new SmingAdapterProvider().name()).isEqualTo("sming");
  }

  @Test
  void theDefaultsAreSafe() {
    SmingSettings read = read(minimal());

    assertThat(read.broker().address()).isEqualTo("127.0.0.1:1883");
    assertThat(read.broker().clientId()).isEqualTo("tedge-child-connector-" + CHILD.value());
    assertThat(read.broker().session()).isFalse();
    assertThat(read.broker().tls()).isEmpty();
    assertThat(read.broker().largestMessage()).isGreaterThan(1 << 20);
    assertThat(read.retainFor()).isEmpty();
    assertThat(read.rules().lineChange()).isFalse();
    assertThat(read.images()).isEqualTo(new ImageRules(1 << 20, 1_015_808, true));
    assertThat(read.packaging())
        .isEqualTo(
            new Packager.Packaging(Packager.Packaging.Format.RAW, false, Optional.empty(), 0));
  }

  @Test
  void withoutAVersionTopicItCannotSeeVersions() {
    SmingAdapterProvider provider = new SmingAdapterProvider();

    assertThat(provider.create(CHILD, minimal().section()).versionReader()).isEmpty();
    assertThat(
            provider.create(CHILD, minimal().with("version_topic", "t").section()).versionReader())
        .isPresent();
    assertThat(provider.create(CHILD, minimal().section()).isRepeatable()).isFalse();
  }

  @Test
  void everyKeyIsRead() {
    SmingSettings read =
        read(
            minimal()
                .with("host", "broker.local")
                .with("port", 8883)
                .with("client_id", "us")
                .with("username", "me")
                .with("password_file", "/p")
                .with("ca_file", "/ca")
                .with("cert_file", "/cert")
                .with("key_file", "/key")
                .with("channel", "s")
                .with("version_topic", "weather/state")
                .with("version_pointer", "/fw")
                .with("wire_patch", "one less")
                .with("retained", true)
                .with("retain_for", Duration.ofHours(1))
                .with("format", "ota-signed")
                .with("encrypt", true)
                .with("ota_key_file", "/ota.key")
                .with("address", "0x110000"));

    assertThat(read.broker().address()).isEqualTo("broker.local:8883");
    assertThat(read.broker().login().orElseThrow().username()).isEqualTo("me");
    assertThat(read.broker().tls().orElseThrow().identity()).isPresent();
    assertThat(read.rules().topic("4.3")).isEqualTo("a/test/u/4.3/s");
    assertThat(read.rules().wirePatch()).isEqualTo(WirePatch.ONE_LESS);
    assertThat(read.retainFor()).contains(Duration.ofHours(1));
    assertThat(read.packaging().address()).isEqualTo(0x110000);
    assertThat(read.packaging().encrypted()).isTrue();
  }

  @Test
  void whatIsMissingIsTold() {
    assertThat(problems(new ScriptedSettings()))
        .hasSize(2)
        .anyMatch(problem -> problem.startsWith("app is missing; write"))
        .anyMatch(problem -> problem.startsWith("listens_to is missing; write"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "app             | a/b       | must be one level of a topic",
        "app             | a+        | must be one level of a topic",
        "channel         | stable    | must be \"s\" or \"u\", not \"stable\"",
        "listens_to      | 4.3.1     | must be of the form major.minor",
        "host            | tcp://x   | must be a host name or an address",
        "client_id       | sming     | must not be \"sming\"",
        "password_file   | /p        | needs username too",
        "cert_file       | /c        | needs key_file too; set both or none",
        "key_file        | /k        | needs cert_file too; set both or none",
        "ca_file         | ca.pem    | must be an absolute path",
        "version_topic   | a/test/u/4.3 | must not begin with \"a/test/u/\"",
        "version_topic   | a/#       | must be one topic",
        "version_pointer | /fw       | is missing; write the topic",
        "version_pattern | (         | is no regular expression",
        "version_pattern | v         | has 0 groups; put one pair of parentheses",
        "wire_patch      | less      | must be \"same\" or \"one less\"",
        "format          | zip       | must be \"raw\", \"ota\", \"ota-signed\" or",
        "format          | ota       | is missing; write where in the flash",
        "address         | 2000      | must be 0x and up to 8",
      })
  void aWrongTextIsTold(String key, String value, String problem) {
    assertThat(problems(minimal().with(key, value))).anyMatch(it -> it.contains(problem));
  }

  @Test
  void anImageThatStaysNeedsWhatKeepsItFromBeingFlashedForEver() {
    ScriptedSettings retained = minimal().with("retained", true);

    assertThat(problems(retained))
        .anyMatch(it -> it.contains("needs wire_patch = \"one less\""))
        .anyMatch(it -> it.contains("needs version_topic"));
    assertThat(problems(retained.with("minor_change", true)))
        .anyMatch(it -> it.contains("cannot be used with minor_change"));
  }

  @Test
  void formsThatNeedAKeyOrAnotherFormAreTold() {
    assertThat(problems(minimal().with("encrypt", true)))
        .anyMatch(it -> it.startsWith("encrypt cannot be used with format = \"raw\""))
        .anyMatch(it -> it.startsWith("ota_key_file is missing"));
    assertThat(problems(minimal().with("format", "ota-signed").with("address", "0x2000")))
        .hasSize(1)
        .allMatch(it -> it.startsWith("ota_key_file is missing"));
  }

  @Test
  void aMessageThatDoesNotFitIntoMemoryIsRefused() {
    assertThat(problems(minimal().with("max_size", 5L << 20))).hasSize(1);
    assertThat(problems(minimal().with("max_size", 1L))).hasSize(1);
    assertThat(problems(minimal().with("max_size", 4L << 20))).isEmpty();
  }
}

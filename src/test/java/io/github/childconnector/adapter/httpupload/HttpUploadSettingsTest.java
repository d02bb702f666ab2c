package io.github.childconnector.adapter.httpupload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpUploadSettingsTest {
  private static final String URL = "url = \"http://192.0.2.1/update\"";
  private static final String VERSION = "version_url = \"http://192.0.2.1/version\"";

  private final Bench bench;

  HttpUploadSettingsTest(@TempDir Path directory) {
    bench = new Bench(directory);
  }

  @Test
  void theProviderIsFoundByItsName() {
    assertThat(ServiceLoader.load(AdapterProvider.class))
        .filteredOn(provider -> provider.name().equals("httpupload"))
        .hasSize(1);
  }

  @Test
  void anAddressIsEnough() {
    DeviceAdapter adapter = bench.adapter(URL);

    assertThat(adapter.versionReader()).isEmpty();
    assertThat(adapter.rollback()).isEmpty();
    assertThat(adapter.isRepeatable()).isFalse();
  }

  @Test
  void offersWhatIsConfiguredAndTouchesNoFile() {
    DeviceAdapter adapter =
        bench.adapter(
            "url = \"https://192.0.2.1/fw?n={name}\"",
            VERSION,
            "repeatable = true",
            "ca_file = \"/no/such/file\"",
            "auth = \"digest\"",
            "username = \"admin\"",
            "password_file = \"/no/such/file\"");

    assertThat(adapter.versionReader()).isPresent();
    assertThat(adapter.isRepeatable()).isTrue();
  }

  @Test
  void warnsOfSwUpdatesPageWhereNoVersionIsRead() {
    String page = "url = \"http://192.0.2.1:8080/upload\"";

    assertThat(bench.adapter(page).troubles())
        .singleElement(STRING)
        .startsWith("url: SWUpdate's page ")
        .contains("set version_url", "examples/recipes/swupdate");
    assertThat(bench.adapter(page, VERSION).troubles()).isEmpty();
    assertThat(bench.adapter(URL).troubles()).isEmpty();
    assertThat(bench.adapter("url = \"http://192.0.2.1/ota/upload\"").troubles()).isEmpty();
  }

  @Test
  void asksForTheAddressWithASample() {
    assertThat(bench.problems(""))
        .contains("url", "is missing", "url = \"http://192.168.1.20/update\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ftp://192.0.2.1/           | must begin with http:// or https://",
        "192.0.2.1/update           | must begin with http:// or https://",
        "http://user:pw@192.0.2.1/  | holds a user name or password; remove them, and use auth",
        "http:///update             | has no valid host and port",
        "http://a_b:x/              | has no valid host and port",
        "http://192.0.2.1:70000/    | has no valid host and port",
        "http://192.0.2.1/a b       | is no address",
        "http://192.0.2.1/#top      | has a part behind #",
        "http://192.0.2.1/{image}   | '{image}\", which has no value here; use {name} {version}'",
        "http://{name}/update       | must name the host itself",
        "http://{name}.local/update | must name the host itself",
      })
  void refusesAddresses(String url, String expected) {
    assertThat(bench.problems("url = \"" + url + "\"")).contains(expected).doesNotContain("pw");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "method = \"GET\"                 | must be \"POST\" or \"PUT\"",
        "form = \"json\"                  | must be \"multipart\" or \"raw\"",
        "auth = \"ntlm\"                  | must be \"none\", \"basic\", \"digest\" or \"bearer\","
            + " not \"ntlm\"",
        "answer = \"maybe\"               | must be \"expected\" or \"optional\"",
        "answer = \"optional\"            | only the version can show a success; set version_url",
        "field = \"a\\nb\"                | other control characters",
        "file_name = \"{image}\"          | has no value here",
        "fields = { MD5 = \"{md6}\" }     | has no value here",
        "success_status = [\"2x\"]        | write statuses such as",
        "busy_status = [\"99\"]           | write statuses such as",
        "success_pattern = \"(\"          | is no regular expression",
        "failure_pattern = \"[\"          | is no regular expression",
        "version_pattern = \"(a)\"        | 'version_url: is missing'",
        "version_pointer = \"/a\"         | 'version_url: is missing'",
        "version_url = \"http://x/{name}\" | holds a placeholder",
        "username = \"admin\"             | is not used where auth is \"none\"",
        "password_file = \"/a\"           | is not used where auth is \"none\"",
        "token_file = \"/a\"              | is not used where auth is \"none\"",
        "ca_file = \"/a\"                 | is only used with https",
        "ca_file = \"a\"                  | must be an absolute path",
        "headers = { \"a b\" = \"x\" }    | cannot hold \"a b\"",
        "headers = { a = \"x\\ny\" }      | cannot hold \"a\"",
        "headers = { a = \"1 €\" }        | a value one line of Latin-1",
        "headers = { Content-type = \"x\" } | where form is \"multipart\"",
        "headers = { Host = \"x\" }       | it is set by the connector",
        "headers = { authorization = \"x\" } | it is set by the connector",
        "stall_timeout = \"0s\"           | must be",
        "connect_timeout = \"0s\"         | must be",
        "answer_timeout = \"0s\"          | must be",
        "passwort_file = \"/a\"           | did you mean \"password_file\"?",
      })
  void refusesValues(String line, String expected) {
    assertThat(bench.problems(URL, line)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"field = \"f\"", "file_name = \"f\"", "fields = { a = \"b\" }"})
  void refusesFieldsWithoutAForm(String line) {
    assertThat(bench.problems(URL, "form = \"raw\"", line))
        .contains("is \"raw\", which has no field, file_name or fields");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "(a)(b)"})
  void aVersionPatternHasOneGroup(String pattern) {
    assertThat(bench.problems(URL, VERSION, "version_pattern = \"" + pattern + "\""))
        .contains("put one pair of parentheses around the version");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "/a~2", "/~"})
  void aPointerHasItsForm(String pointer) {
    assertThat(bench.problems(URL, VERSION, "version_pointer = \"" + pointer + "\""))
        .contains("must be a JSON pointer");
  }

  @Test
  void credentialsAreComplete() {
    assertThat(bench.problems(URL, "auth = \"basic\""))
        .contains("username: is missing, because auth is \"basic\"")
        .contains("password_file: is missing, because auth is \"basic\"");
    assertThat(bench.problems(URL, "auth = \"bearer\"")).contains("token_file: is missing");
    assertThat(
            bench.problems(URL, "auth = \"basic\"", "username = \"a:b\"", "password_file = \"/a\""))
        .contains("must be a user name without a colon");
  }

  /** The HTTP client would refuse them, and quote them in its exception. */
  @Test
  void credentialsThatNoHeaderCanHoldAreToldWithoutThem() {
    DeviceAdapter adapter =
        bench.adapter(
            URL, VERSION, "auth = \"bearer\"", "token_file = " + bench.secret("s3cret €"));

    assertThat(Bench.failure(() -> bench.readVersion(adapter)).sentence())
        .contains("the token has letters that no header can hold")
        .doesNotContain("s3cret");
    assertThat(
            bench.problems(URL, "auth = \"digest\"", "username = \"€\"", "password_file = \"/a\""))
        .contains("username: has letters that no header can hold");
    assertThat(
            bench.problems(URL, "auth = \"basic\"", "username = \"€\"", "password_file = \"/a\""))
        .isEmpty();
  }

  @Test
  void aPinIsOneCertificate() {
    String secure = "url = \"https://192.0.2.1/\"";

    assertThat(bench.problems(secure, "certificate_sha256 = \"ab\"")).contains("64 hexadecimal");
    assertThat(
            bench.problems(
                secure, "certificate_sha256 = \"" + "a".repeat(64) + "\"", "ca_file = \"/a\""))
        .contains("adds nothing to certificate_sha256");
  }

  @Test
  void secretsAreNotShown() {
    assertThat(bench.problems(URL, "headers = { \"X Token\" = \"s3cret\" }", "fields = { a = 1 }"))
        .contains("X Token")
        .doesNotContain("s3cret");
  }
}

package io.github.childconnector.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlRuleTest {
  private final UrlRule local = new UrlRule(settings(Optional.empty(), "127.0.0.1", "::1", "gw"));
  private final UrlRule remote = new UrlRule(settings(Optional.of("GateWay"), "gw"));

  private static DownloadSettings settings(Optional<String> gateway, String... hosts) {
    return new DownloadSettings(
        1, 0, 1, Samples.STALL, Samples.DEADLINE, Set.of(hosts), gateway, Samples.noTls());
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8000/te/v1/files/a:b:c/fw, http://127.0.0.1:8000/te/v1/files/a:b:c/fw",
    "HTTP://GW/x, http://gw/x",
    "https://gw:8443/x, https://gw:8443/x",
    "http://[::1]:8000/x, http://[::1]:8000/x",
    "http://gw, http://gw",
    "http://gw/my child/ü, http://gw/my%20child/%C3%BC",
    "'http://gw/a\"b<c>d^e`f{g|h}i\\j', http://gw/a%22b%3Cc%3Ed%5Ee%60f%7Bg%7Ch%7Di%5Cj",
    "http://gw/100%/%zz%, http://gw/100%25/%25zz%25",
    "http://gw/a%20b, http://gw/a%20b",
    "http://gw/a[1], http://gw/a%5B1%5D",
    "http://gw/x?a=b c#part, http://gw/x?a=b%20c",
  })
  void anAddressIsMadeFitForTheHttpClient(String given, String asked) throws Exception {
    assertThat(local.check(given).uri()).hasToString(asked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://gw/x",
        "file:///etc/passwd",
        "gw/x",
        "",
        "http:gw",
        "http:///x",
        "http://user:word@gw/x",
        "http://gw@evil.example/x",
        "http://gw\\@evil.example/x",
        "http://gw:0/x",
        "http://gw:99999/x",
        "http://gw:port/x",
        "http://my_gw/x",
        "http://g w/x",
        "http://evil.example/x",
        "http://gw.evil.example/x",
        "http://127.0.0.2/x",
        "http://2130706433/x",
        "http://[::2]/x",
        "jar:http://gw/x!/y",
      })
  void anythingElseIsRefused(String given) {
    assertThat(Samples.failure(() -> local.check(given)).code()).isEqualTo(FailureCode.URL_REFUSED);
  }

  @Test
  void theRefusalNamesTheHostAndTheKeyButNoSecret() {
    Failure failure = Samples.failure(() -> local.check("http://Evil.example:80/x?token=secret"));

    assertThat(failure.sentence())
        .contains("Evil.example:80/x", "add evil.example to download.allowed_hosts")
        .doesNotContain("secret");
    assertThat(Samples.failure(() -> local.check("http://user:secret@gw/x")).sentence())
        .contains("user name")
        .doesNotContain("secret");
  }

  @Test
  void theCloudItselfIsAskedByThinEdgesProxy() throws UpdateException {
    String url = "https://t1.cumulocity.com/inventory/binaries/51541";

    assertThat(Samples.failure(() -> local.check(url)).sentence())
        .contains("add t1.cumulocity.com to download.allowed_hosts", "c8y.proxy", "tedgeUrl");
    UrlRule allowing = new UrlRule(settings(Optional.empty(), "t1.cumulocity.com"));
    assertThat(allowing.check(url).uri()).hasToString(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.8.9.10",
        "LOCALHOST",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "gateway",
        "0.0.0.0",
        "[::]",
        "[0:0::0]",
        "0",
        "127.1",
        "localhost.",
        "[::ffff:127.0.0.1]"
      })
  void aLoopbackHostMeansTheGateway(String host) throws UpdateException {
    assertThat(remote.check("http://" + host + ":8000/a b?c").uri())
        .hasToString("http://gateway:8000/a%20b?c");
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0, 127.0.0.1", "[::], [::1]", "[0:0:0:0:0:0:0:0], [::1]"})
  void whereTheFileServerListensEverywhereThisMachineIsAsked(String host, String asked)
      throws UpdateException {
    assertThat(local.check("http://" + host + ":8000/x").uri())
        .hasToString("http://" + asked + ":8000/x");
  }

  @Test
  void thisMachineIsNotAskedWhereItIsNotAllowed() {
    UrlRule elsewhere = new UrlRule(settings(Optional.empty(), "gw"));

    assertThat(Samples.failure(() -> elsewhere.check("http://0.0.0.0/x")).code())
        .isEqualTo(FailureCode.URL_REFUSED);
  }

  @ParameterizedTest
  @CsvSource({
    "http://Tedge_Main:8000/a b, http://tedge_main:8000/a%20b, tedge_main",
    "http://tedge_main./x, http://tedge_main./x, tedge_main.",
    "http://zähler.local/x, http://xn--zhler-gra.local/x, xn--zhler-gra.local",
    "http://[fe80::1%25br-lan]:80/x, http://[fe80::1]:80/x, fe80::1%br-lan",
    "http://localhost/x, http://tedge_main/x, tedge_main"
  })
  void whateverNameAResolverTakesIsAsked(String given, String asked, String host)
      throws UpdateException {
    UrlRule rule =
        new UrlRule(settings(Optional.of("tedge_main"), "xn--zhler-gra.local", "fe80::1%br-lan"));
    ImageUrl url = rule.check(given);

    assertThat(url.toString()).isEqualTo(asked);
    assertThat(url.host()).isEqualTo(host);
  }

  @Test
  void aGatewayMayBeAnIpv6Address() throws UpdateException {
    UrlRule rule = new UrlRule(settings(Optional.of("fe80::7")));

    assertThat(rule.check("http://localhost/x").uri()).hasToString("http://[fe80::7]/x");
  }

  @ParameterizedTest
  @CsvSource({
    "/y z, http://gw:8000/y%20z",
    "y, http://gw:8000/a/y",
    "//gw/y, http://gw/y",
    "https://gw:8000/a/x, https://gw:8000/a/x",
    "http://127.0.0.1:1/x, http://127.0.0.1:1/x",
  })
  void aRedirectLeadsToAnAllowedHost(String location, String target) throws UpdateException {
    assertThat(local.redirected(local.check("http://gw:8000/a/x"), location).uri())
        .hasToString(target);
  }

  @ParameterizedTest
  @CsvSource({
    "http://gw/x, http://evil.example/x, allowed_hosts",
    "http://gw/x, //evil.example/x, allowed_hosts",
    "http://gw/x, ftp://gw/x, only http",
    "http://gw/x, http://[x/, cannot be read",
    "https://gw/x, http://gw/x, https must not lead to http",
  })
  void anyOtherRedirectIsRefused(String from, String location, String why) {
    Failure failure = Samples.failure(() -> local.redirected(local.check(from), location));

    assertThat(failure.code()).isEqualTo(FailureCode.URL_REFUSED);
    assertThat(failure.sentence()).contains(from + " redirects to " + location, why);
  }
}

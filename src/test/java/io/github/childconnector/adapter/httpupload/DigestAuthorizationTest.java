package io.github.childconnector.adapter.httpupload;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DigestAuthorizationTest {
  private static final URI TARGET = URI.create("http://www.example.org/dir/index.html");
  private static final String CLIENT_NONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

  /** The challenges of RFC 7616, section 3.9.1. */
  private static final String COMMON =
      "realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=%s,"
          + " nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\","
          + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";

  private static final String MD5 = "Digest " + COMMON.formatted("MD5");
  private static final String SHA_256 = "Digest " + COMMON.formatted("SHA-256");

  private final DigestAuthorization authorization =
      new DigestAuthorization("Mufasa", "Circle of Life", () -> CLIENT_NONCE);

  private boolean learn(String... challenges) {
    HttpHeaders headers =
        HttpHeaders.of(Map.of("WWW-Authenticate", List.of(challenges)), (name, value) -> true);
    return authorization.learn(new Reply(401, headers, ""));
  }

  private String answer() {
    return authorization.header("GET", TARGET).orElse("none");
  }

  @Test
  void answersTheStandardsMd5() {
    assertThat(learn(MD5)).isTrue();

    assertThat(answer())
        .isEqualTo(
            "Digest username=\"Mufasa\", realm=\"http-auth@example.org\","
                + " nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\","
                + " uri=\"/dir/index.html\", algorithm=MD5, qop=auth, nc=00000001,"
                + " cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\","
                + " response=\"8ca523f5e9506fed4657c9700eebdbec\","
                + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
  }

  @Test
  void prefersTheStandardsSha256() {
    learn(MD5, SHA_256);

    assertThat(answer())
        .contains(
            "algorithm=SHA-256",
            "response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\"");
  }

  @Test
  void findsItsChallengeAmongOthersInOneHeader() {
    learn("Basic realm=\"simple\", " + SHA_256 + ", Negotiate");

    assertThat(answer())
        .contains("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
  }

  /** Of RFC 2617, section 3.5, computed as RFC 2069 says. */
  @Test
  void answersADeviceThatDoesNotKnowQop() {
    DigestAuthorization old = new DigestAuthorization("Mufasa", "Circle Of Life", () -> "unused");
    HttpHeaders headers =
        HttpHeaders.of(
            Map.of(
                "WWW-Authenticate",
                List.of(
                    "Digest realm=\"testrealm@host.com\","
                        + " nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"")),
            (name, value) -> true);
    old.learn(new Reply(401, headers, ""));

    assertThat(old.header("GET", TARGET).orElse(""))
        .contains("response=\"670fd8c2df070c60b045671b8b24ff02\"")
        .doesNotContain("qop", "cnonce", "opaque");
  }

  @Test
  void countsTheUsesOfANonce() {
    learn(MD5);
    answer();

    assertThat(answer()).contains("nc=00000002");
    learn(SHA_256 + ", stale=TRUE");
    assertThat(answer()).contains("nc=00000001");
  }

  @Test
  void learnsAgainOnlyWhatIsStale() {
    assertThat(learn(MD5)).isTrue();
    assertThat(learn(MD5)).isFalse();
    assertThat(learn(MD5 + ", stale=true")).isTrue();
  }

  @Test
  void cannotAnswerWhatItDoesNotKnow() {
    assertThat(learn()).isFalse();
    assertThat(learn("Basic realm=\"x\"")).isFalse();
    assertThat(learn("Digest realm=\"x\"")).isFalse();
    assertThat(learn("Digest realm=\"x\", nonce=\"y\", algorithm=SHA-512-256")).isFalse();
    assertThat(learn("Digest realm=\"x\", nonce=\"y\", qop=\"auth-int\"")).isFalse();
    assertThat(authorization.needsChallenge()).isTrue();
    assertThat(answer()).isEqualTo("none");
  }

  @Test
  void quotesWhatTheDeviceQuoted() {
    learn("Digest realm=\"a \\\"b\\\" \\\\ c, Digest d\", nonce=y");

    assertThat(answer()).contains("realm=\"a \\\"b\\\" \\\\ c, Digest d\", nonce=\"y\"");
  }

  @Test
  void namesTheQueryAndAnEmptyPath() {
    learn(MD5);

    assertThat(authorization.header("POST", URI.create("http://x?a=b%20c")))
        .hasValueSatisfying(it -> assertThat(it).contains("uri=\"/?a=b%20c\""));
  }
}

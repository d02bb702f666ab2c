package io.github.childconnector.config;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.provider.Arguments;

/** What the sections of their own refuse, with the exact words an operator reads. */
@NullMarked
final class SectionProblemsTest extends ProblemsCase {
  static Stream<Arguments> problems() {
    return Stream.of(places(), mqtt(), thinEdge()).flatMap(rows -> rows);
  }

  private static Stream<Arguments> places() {
    return Stream.of(
        arguments(
            "relative path",
            "[storage]\ndirectory = 'state'\n",
            "connector.toml:2: storage.directory: must be an absolute path, one that begins with /,"
                + " not \"state\""),
        arguments(
            "path with a NUL",
            "[storage]\ndirectory = \"/a\\u0000\"\n",
            "connector.toml:2: storage.directory: must be a path, not \"/a\\u0000\""),
        arguments(
            "CA file that is not there",
            "[download]\nca_file = '$DIR/no.pem'\n",
            "connector.toml:2: download.ca_file: there is no file $DIR/no.pem; create it or correct"
                + " the path"),
        arguments(
            "directory for a file",
            "[mqtt]\nusername = 'u'\npassword_file = '$DIR'\n",
            "connector.toml:3: mqtt.password_file: $DIR is a directory; name the file in it"),
        arguments(
            "address for a host",
            "[mqtt]\nhost = 'tcp://broker:1883'\n",
            "connector.toml:2: mqtt.host: must be a host name or an address, without scheme, port"
                + " or path, not \"tcp://broker:1883\""),
        arguments(
            "host with a port",
            "[download]\ngateway_host = 'gateway:8000'\n",
            "connector.toml:2: download.gateway_host: must be a host name or an address, without"
                + " scheme, port or path, not \"gateway:8000\""),
        arguments(
            "allowed host with a path",
            "[download]\nallowed_hosts = ['a', 'b/c']\n",
            "connector.toml:2: download.allowed_hosts: must be a host name or an address, without"
                + " scheme, port or path, not \"b/c\""),
        arguments(
            "no allowed host",
            "[download]\nallowed_hosts = []\n",
            "connector.toml:2: download.allowed_hosts: must name a host; leave the key out to allow"
                + " the usual ones"),
        arguments(
            "number among the hosts",
            "[download]\nallowed_hosts = ['a', 7]\n",
            "connector.toml:2: download.allowed_hosts: must be a list of texts in quotes, not the"
                + " number 7"));
  }

  private static Stream<Arguments> mqtt() {
    return Stream.of(
        arguments(
            "certificate without key",
            "[mqtt]\nca_file = '$DIR/there.pem'\ncert_file = '$DIR/there.pem'\n",
            "connector.toml:3: mqtt.cert_file: needs key_file too; set both or none"),
        arguments(
            "key without certificate",
            "[download]\nkey_file = '$DIR/there.pem'\n",
            "connector.toml:2: download.key_file: needs cert_file too; set both or none"),
        arguments(
            "certificate without CA",
            "[mqtt]\ncert_file = '$DIR/there.pem'\nkey_file = '$DIR/there.pem'\n",
            "connector.toml:2: mqtt.cert_file: needs ca_file too, without which no TLS is spoken"),
        arguments(
            "one problem of a pair is one problem",
            "[mqtt]\nca_file = '$DIR/no.pem'\ncert_file = '$DIR/there.pem'\nkey_file = 7\n",
            """
            connector.toml:2: mqtt.ca_file: there is no file $DIR/no.pem; create it or correct the path
            connector.toml:4: mqtt.key_file: must be a text in quotes, not the number 7
            """),
        arguments(
            "password without user",
            "[mqtt]\npassword_file = '$DIR/there.pem'\n",
            "connector.toml:2: mqtt.password_file: needs username too"),
        arguments(
            "client id with a control character",
            "[mqtt]\nclient_id = \"a\\tb\"\n",
            "connector.toml:2: mqtt.client_id: must be 1 to 200 characters, none of them a control"
                + " one, not \"a\\u0009b\""));
  }

  private static Stream<Arguments> thinEdge() {
    return Stream.of(
        arguments(
            "a protocol that nobody speaks",
            "[thin_edge]\nprotocols = ['legacy', 'v2']\n",
            "connector.toml:2: thin_edge.protocols: must be \"legacy\" or \"v1\", not"
                + " \"v2\"; did you mean \"v1\"?"),
        arguments(
            "no protocol at all",
            "[thin_edge]\nprotocols = []\n",
            "connector.toml:2: thin_edge.protocols: must be a list of at least one word, not []"),
        arguments(
            "directory without tedge.toml",
            "[thin_edge]\nconfig_dir = '$DIR/elsewhere'\n",
            "connector.toml:2: thin_edge.config_dir: there is no tedge.toml in $DIR/elsewhere;"
                + " correct it or leave it out"),
        arguments(
            "topic root, which was never used",
            "[thin_edge]\ntopic_root = 7\n",
            "connector.toml:2: thin_edge.topic_root: is no key any more: thin-edge's"
                + " mqtt.topic_root is read; remove it"),
        arguments(
            "timeout too short to be kept",
            "[thin_edge]\nupdate_timeout = '1s'\n",
            "connector.toml:2: thin_edge.update_timeout: must be from 2s to 3650d, not 1s"),
        arguments(
            "heartbeat too quick",
            "[thin_edge]\nheartbeat = '999ms'\n",
            "connector.toml:2: thin_edge.heartbeat: must be from 1s to 30d, not 999ms"),
        arguments(
            "heartbeat too slow",
            "[thin_edge]\nupdate_timeout = '10s'\nheartbeat = '10s'\n",
            "connector.toml:3: thin_edge.heartbeat: must be shorter than update_timeout, which is"
                + " 10s"));
  }
}

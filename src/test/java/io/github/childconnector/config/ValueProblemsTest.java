package io.github.childconnector.config;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.provider.Arguments;

/** Wrong keys, types and amounts in any section, with the exact words an operator reads. */
@NullMarked
final class ValueProblemsTest extends ProblemsCase {
  static Stream<Arguments> problems() {
    return Stream.of(keysAndTypes(), amounts()).flatMap(rows -> rows);
  }

  private static Stream<Arguments> keysAndTypes() {
    return Stream.of(
        arguments(
            "unknown key with a near one",
            "[mqtt]\nprot = 1\n",
            "connector.toml:2: mqtt.prot: unknown key; did you mean \"port\"?"),
        arguments(
            "unknown key with none near",
            "[storage]\ncolour = 'red'\n",
            "connector.toml:2: storage.colour: unknown key; the keys here are directory, history"),
        arguments(
            "unknown section",
            "[mqqt]\nport = 1\n",
            "connector.toml:1: mqqt: unknown key; did you mean \"mqtt\"?"),
        arguments(
            "key outside of any section",
            "port = 1\n",
            "connector.toml:1: port: unknown key; the keys here are"
                + " mqtt, thin_edge, storage, download, updates, child"),
        arguments(
            "key with a line break",
            "\"a\\nb\" = 1\n",
            "connector.toml:1: a b: unknown key; the keys here are"
                + " mqtt, thin_edge, storage, download, updates, child"),
        arguments(
            "value for a section",
            "mqtt = 1\n",
            "connector.toml:1: mqtt: must be a table: write [mqtt]"),
        arguments(
            "one table for a list of them",
            "[child]\nid = 'a'\n",
            "connector.toml:1: child: must be a list of tables: write [[child]]"),
        arguments(
            "number for a text",
            "[mqtt]\nclient_id = 7\n",
            "connector.toml:2: mqtt.client_id: must be a text in quotes, not the number 7"),
        arguments(
            "table for a text",
            "[mqtt.client_id]\n",
            "connector.toml:1: mqtt.client_id: must be a text in quotes, not a table"),
        arguments(
            "empty text",
            "[mqtt]\nclient_id = ''\n",
            "connector.toml:2: mqtt.client_id: must not be empty"),
        arguments(
            "text for a list",
            "[download]\nallowed_hosts = 'a'\n",
            "connector.toml:2: download.allowed_hosts: must be a list such as [\"one\", \"two\"],"
                + " not \"a\""),
        arguments(
            "several at once, in the order of the lines",
            "[updates]\nparallel_installs = 0\n[mqtt]\nport = 0\nhots = 'x'\n",
            """
            connector.toml:2: updates.parallel_installs: must be a number from 1 to 1024, not the number 0
            connector.toml:4: mqtt.port: must be a number from 1 to 65535, not the number 0
            connector.toml:5: mqtt.hots: unknown key; did you mean "host"?
            """));
  }

  private static Stream<Arguments> amounts() {
    return Stream.of(
        arguments(
            "port too high",
            "[mqtt]\nport = 65536\n",
            "connector.toml:2: mqtt.port: must be a number from 1 to 65535, not the number 65536"),
        arguments(
            "port in quotes",
            "[mqtt]\nport = '1883'\n",
            "connector.toml:2: mqtt.port: must be a number from 1 to 65535, not \"1883\""),
        arguments(
            "history of nothing",
            "[storage]\nhistory = 0\n",
            "connector.toml:2: storage.history: must be a number from 1 to 10000, not the number 0"),
        arguments(
            "too many attempts",
            "[download]\nattempts = 101\n",
            "connector.toml:2: download.attempts: must be a number from 1 to 100, not the number 101"),
        arguments(
            "too many downloads",
            "[updates]\nparallel_downloads = 65\n",
            "connector.toml:2: updates.parallel_downloads: must be a number from 1 to 64, not the"
                + " number 65"),
        arguments(
            "time without unit",
            "[download]\ndeadline = 30\n",
            "connector.toml:2: download.deadline: must be a time such as \"30s\", \"5m\" or \"1h30m\","
                + " not the number 30"),
        arguments(
            "time in words",
            "[updates]\nbusy_retry = '5 minutes'\n",
            "connector.toml:2: updates.busy_retry: must be a time such as \"30s\", \"5m\" or"
                + " \"1h30m\", not \"5 minutes\""),
        arguments(
            "no time",
            "[updates]\nbusy_timeout = '0s'\n",
            "connector.toml:2: updates.busy_timeout: must be from 1ms to 30d, not 0s"),
        arguments(
            "time beyond all bounds",
            "[updates]\nconfirm_interval = '31d'\n",
            "connector.toml:2: updates.confirm_interval: must be from 1ms to 30d, not 31d"),
        arguments(
            "size in other units",
            "[download]\nmin_free = '64MB'\n",
            "connector.toml:2: download.min_free: must be a size such as \"64MiB\" or \"2GiB\", not"
                + " \"64MB\""),
        arguments(
            "size of another type",
            "[download]\nmin_free = 1.5\n",
            "connector.toml:2: download.min_free: must be a size such as \"64MiB\" or \"2GiB\", not"
                + " the number 1.5"),
        arguments(
            "size of nothing",
            "[download]\nmax_size = 0\n",
            "connector.toml:2: download.max_size: must be from 1 to 16TiB, not 0"),
        arguments(
            "size beyond all bounds",
            "[download]\nmax_size = '17TiB'\n",
            "connector.toml:2: download.max_size: must be from 1 to 16TiB, not 17TiB"));
  }
}

package io.github.childconnector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Section;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;

/** What children and their adapters refuse, with the exact words an operator reads. */
@NullMarked
final class ChildProblemsTest extends ProblemsCase {
  static Stream<Arguments> problems() {
    return Stream.of(children(), adapters()).flatMap(rows -> rows);
  }

  private static Stream<Arguments> children() {
    return Stream.of(
        arguments(
            "child without anything",
            "[[child]]\n",
            """
            connector.toml:1: child[?].id: is missing
            connector.toml:1: child[?].adapter: is missing
            """),
        arguments(
            "id with a slash",
            CHILD.replace("plc-1", "plc/1"),
            "connector.toml:2: child[plc/1].id: must be 1 to 128 characters, none of them / + # or"
                + " a control character, not \"plc/1\""),
        arguments(
            "id of another type",
            CHILD.replace("'plc-1'", "1"),
            "connector.toml:2: child[1].id: must be a text in quotes, not the number 1"),
        arguments(
            "external id with a wildcard",
            CHILD.replace("adapter", "external_id = '+'\nadapter"),
            "connector.toml:3: child[plc-1].external_id: must be 1 to 128 characters, none of them"
                + " / + # or a control character, not \"+\""),
        arguments(
            "the same child twice",
            CHILD + CHILD,
            "connector.toml:7: child[plc-1].id: \"plc-1\" is also the one of the child at"
                + " connector.toml:2; give each child its own"),
        arguments(
            "the same external id twice",
            CHILD.replace("adapter", "external_id = 'b'\nadapter") + CHILD.replace("plc-1", "b"),
            "connector.toml:7: child[b].external_id: \"b\" is also the one of the child at"
                + " connector.toml:3; give each child its own"),
        arguments(
            "unknown key of a child",
            CHILD.replace("adapter", "timeout = '5m'\nadapter"),
            "connector.toml:3: child[plc-1].timeout: unknown key; the keys here are id,"
                + " external_id, adapter, command, bus, install_timeout, confirm_timeout,"
                + " version_timeout"));
  }

  private static Stream<Arguments> adapters() {
    return Stream.of(
        arguments(
            "adapter with a typing error, whose section may be right",
            CHILD.replace("adapter = 'command'", "adapter = 'comand'\nbus = 'b'"),
            "connector.toml:3: child[plc-1].adapter: there is no adapter \"comand\"; did you mean"
                + " \"command\"? The adapters are command"),
        arguments(
            "adapter unlike all others",
            CHILD.replace("'command'", "'zigbee'"),
            "connector.toml:3: child[plc-1].adapter: there is no adapter \"zigbee\"; the adapters"
                + " are command"),
        arguments(
            "section of another adapter",
            CHILD + "[child.modbus]\nunit = 1\n",
            "connector.toml:6: child[plc-1].modbus: unknown key; the keys here are id, external_id,"
                + " adapter, command, bus, install_timeout, confirm_timeout, version_timeout"),
        arguments(
            "adapter without the section it needs",
            "[[child]]\nid = 'plc-1'\nadapter = 'command'\n",
            "connector.toml:1: child[plc-1].command.install: is missing; name the program that"
                + " flashes"),
        arguments(
            "value for the section of the adapter",
            "[[child]]\nid = 'plc-1'\nadapter = 'command'\ncommand = 'flash'\n",
            """
            connector.toml:4: child[plc-1].command: must be a table: write [child.command]
            connector.toml:4: child[plc-1].command.install: is missing; name the program that flashes
            """),
        arguments(
            "unknown key of an adapter",
            CHILD + "instal = []\n",
            "connector.toml:6: child[plc-1].command.instal: unknown key; did you mean"
                + " \"install\"?"),
        arguments(
            "adapter settings of wrong types",
            CHILD.replace("['flash']", "'flash'")
                + "rollback = [' ']\nrepeatable = 'yes'\nworking_directory = 1979-05-27\n",
            """
            connector.toml:5: child[plc-1].command.install: must be a list such as ["program", "argument"], not "flash"
            connector.toml:6: child[plc-1].command.rollback: must begin with the program to run
            connector.toml:7: child[plc-1].command.repeatable: must be true or false, without quotes, not "yes"
            connector.toml:8: child[plc-1].command.working_directory: must be a text in quotes, not 1979-05-27
            """),
        arguments(
            "secrets are not quoted in problems",
            CHILD + "environment = { TOKEN = 4711 }\n",
            "connector.toml:6: child[plc-1].command.environment: must have a text in quotes for"
                + " TOKEN"),
        arguments(
            "secret for a table of secrets",
            CHILD + "environment = 'TOKEN=4711'\n",
            "connector.toml:6: child[plc-1].command.environment: must be a table of texts such as"
                + " { NAME = \"text\" }"));
  }

  /** What is made of an id is not wrong besides. */
  @Test
  void tellsARefusedIdOnce() {
    workplace
        .adapters(KeyTable.families().toArray(AdapterProvider[]::new))
        .file(
            "connector.toml",
            """
            [[child]]
            id = "plc#1"
            adapter = "fuota"
            [child.fuota]
            username = "u"
            password_file = "/p"
            server_name = "gateway"
            """);

    assertThat(workplace.problems().lines())
        .singleElement()
        .asString()
        .startsWith("connector.toml:2: child[plc#1].id: must be 1 to 128 characters");
  }

  @Test
  void readsOtherAdapterSettingsTheSameWay() {
    workplace
        .adapters(new ScriptedProvider())
        .file(
            "connector.toml",
            """
            [[child]]
            id = "a"
            adapter = "scripted"
            [child.scripted]
            texts = [1]
            size = "x"
            duration = 5
            """);

    assertThat(workplace.problems())
        .isEqualTo(
            """
            connector.toml:4: child[a].scripted.other: is not to my taste
            connector.toml:5: child[a].scripted.texts: must be a list of texts in quotes, not the number 1
            connector.toml:6: child[a].scripted.size: must be a size such as "64MiB" or "2GiB", not "x"
            connector.toml:7: child[a].scripted.duration: must be a time such as "30s", "5m" or "1h30m", not the number 5\
            """);
  }

  private static final class ScriptedProvider implements AdapterProvider {
    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public DeviceAdapter create(ChildId child, Section settings) {
      assertThat(settings.optional("texts", Kinds.TEXTS)).isEmpty();
      assertThat(settings.value("size", Kinds.size(0, 9), 7L)).isEqualTo(7);
      assertThat(settings.duration("duration", Duration.ZERO)).isZero();
      settings.problem("other", "is not to my taste");
      return (installation, progress) -> {};
    }
  }
}

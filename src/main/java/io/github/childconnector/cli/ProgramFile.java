package io.github.childconnector.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The configuration of a program that is in none, so that it is read and started as those are.
 *
 * <pre>
 * thin_edge.config_dir = "/tmp/adapter-test-1"
 * [[child]]
 * id = "adapter-test"
 * adapter = "command"
 * install_timeout = "10m"
 * confirm_timeout = "1m"
 * [child.command]
 * install = ["/home/me/flash.sh","{image}","{version}"]
 * repeatable = false
 * </pre>
 */
final class ProgramFile {
  static final ChildId CHILD = new ChildId("adapter-test");

  /** A text of JSON is one of TOML, too. */
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private final AdapterTestOptions options;
  private final Path scratch;
  private final List<String> lines = new ArrayList<>();

  ProgramFile(AdapterTestOptions options, Path scratch) {
    this.options = options;
    this.scratch = scratch;
  }

  /** Writes it into the scratch directory. */
  Path write() throws IOException {
    ProgramOptions program = options.program();
    ProgramOptions.Family family = program.familyOf(Path.of(options.line().get(0)));
    // A thin-edge that is not there, whatever this machine has.
    Files.createFile(scratch.resolve("tedge.toml"));
    put("thin_edge.config_dir", scratch.toString());
    lines.add("[[child]]");
    put("id", CHILD.value());
    put("adapter", family.name());
    put("install_timeout", "10m");
    put("confirm_timeout", "1m");
    lines.add("[child." + family + "]");
    switch (family) {
      case command -> command(program);
      case module -> module();
    }
    program.readVersion().ifPresent(line -> put("read_version", line));
    lines.add("[child." + family + ".environment]");
    program.environment().forEach(this::put);
    return Files.write(scratch.resolve("connector.toml"), lines);
  }

  private void command(ProgramOptions program) {
    put("install", options.line());
    program.rollback().ifPresent(line -> put("rollback", line));
    put("repeatable", program.isRepeatable());
  }

  private void module() {
    put("program", options.line().get(0));
    put("directory", scratch.toString());
  }

  private void put(String key, Object value) {
    lines.add(key + " = " + GSON.toJson(value));
  }
}

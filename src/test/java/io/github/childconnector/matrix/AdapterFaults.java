package io.github.childconnector.matrix;

import static io.github.childconnector.matrix.AdapterFault.NEW;
import static io.github.childconnector.matrix.AdapterFault.OLD;
import static io.github.childconnector.matrix.AdapterFault.broken;
import static io.github.childconnector.matrix.AdapterFault.endless;
import static io.github.childconnector.matrix.AdapterFault.failing;
import static io.github.childconnector.matrix.AdapterFault.harmless;
import static io.github.childconnector.matrix.AdapterFault.unrestored;
import static io.github.childconnector.matrix.AdapterFault.unseen;

import io.github.childconnector.adapter.command.FakeDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** Everything that {@link AdapterFaultsTest} lets operators' programs do. */
@NullMarked
final class AdapterFaults {
  private static final String CHANGED = "digest-mismatch: The stored image .* was changed";
  static final List<AdapterFault> ALL =
      List.of(
          endless("hangs", "%hang%"),
          endless("ignores TERM", "trap '' TERM HUP INT; %hang%"),
          endless("stops itself", "kill -STOP $$"),
          endless("floods its output", "exec yes"),
          endless("floods its output without a line end", "exec tr '\\0' x </dev/zero"),
          endless("floods its errors", "exec yes >&2"),
          endless("floods both outputs", "yes >&2 & exec yes"),
          endless("floods with progress", "while :; do echo progress $((i = (i + 1) % 100)); done"),
          endless("closes its outputs and hangs", "exec >&- 2>&-; %hang%"),
          endless("hangs in a grandchild", "sh -c 'sh -c \"trap \\\"\\\" TERM; sleep 1000\"'"),
          endless("hangs with 200 children", "for i in $(seq 200); do sleep 1000 & done; %hang%"),
          endless("hangs behind a stranger", "(setsid sh -c 'sleep 1000 &' &); %hang%"),
          harmless("leaves a child", "sleep 1000 &"),
          harmless("leaves an orphan", "(sleep 1000 &)"),
          harmless("leaves one that ignores TERM", "(trap '' TERM; sleep 1000 & wait) &"),
          harmless("leaves one with a session", "setsid sleep 1000 &"),
          harmless("leaves an orphan with a session", "(setsid sh -c 'sleep 1000 & exit' &)"),
          harmless("leaves a stranger who floods", "(setsid sh -c 'yes & yes >&2 &' &)"),
          harmless("leaves a stranger without outputs", "(setsid sleep 1000 >&- 2>&- &)"),
          harmless("leaves 200 children", "for i in $(seq 200); do sleep 1000 & done"),
          harmless("closes its outputs", "exec >&- 2>&-; well \"$1\" \"$2\"; exit 0"),
          harmless("writes what is no text", "head -c 100000 /dev/urandom"),
          harmless("writes a line of 10 MB", "head -c 10000000 /dev/zero | tr '\\0' x"),
          harmless("reads its input", "[ -z \"$(cat)\" ] || exit 1"),
          harmless("removes the image", "sleep 1; well \"$1\" \"$2\"; rm \"$1\"; exit 0"),
          broken(
              "overwrites it",
              it -> it.installsBy("sleep 1; well \"$1\" \"$2\"; echo evil >\"$1\"; exit 0"),
              CHANGED),
          broken(
              "appends to it",
              it -> it.installsBy("sleep 1; well \"$1\" \"$2\"; echo evil >>\"$1\"; exit 0"),
              CHANGED),
          broken(
              "cuts it",
              it -> it.installsBy("sleep 1; well \"$1\" \"$2\"; truncate -s 10 \"$1\"; exit 0"),
              CHANGED),
          broken(
              "replaces it",
              it ->
                  it.installsBy(
                      "sleep 1; well \"$1\" \"$2\"; echo evil >evil; mv evil \"$1\"; exit 0"),
              CHANGED),
          broken(
              "links it elsewhere",
              it ->
                  it.installsBy(
                      "sleep 1; well \"$1\" \"$2\"; echo evil >evil; ln -sf $PWD/evil \"$1\"; exit 0"),
              CHANGED),
          failing("fails after overwriting the image", "sleep 1; echo evil >\"$1\"; exit 1", ""),
          failing("fails in no words", "exit 3", "exit status 3 and wrote nothing"),
          failing("fails in no text", "printf 'a\\377\\376b\\0c\\033[31md\\n' >&2; exit 3", ": a"),
          failing("fails in 10 MB", "head -c 10000000 /dev/zero | tr '\\0' x >&2; exit 3", "xxx…"),
          failing("ends by SEGV", "kill -SEGV $$", "SIGSEGV"),
          failing("ends by KILL", "kill -KILL $$", "SIGKILL"),
          failing("ends its whole group", "kill -KILL 0", "SIGKILL"),
          failing("ends by a signal of no name", "kill -USR1 $$", "exit status 138"),
          broken("does nothing", device -> device.runsInstead(OLD), "not-confirmed: .*runs 1.0"),
          broken("is busy for ever", device -> device.isBusy(1000), "device-busy: .*in use"),
          broken("is a directory", AdapterFaults::directory, "install-failed: .*not a file"),
          broken("is missing", AdapterFaults::remove, "install-failed: .*not there"),
          broken("may not run", AdapterFaults::forbid, "install-failed: .*chmod 755"),
          broken(
              "has no interpreter",
              AdapterFaults::misname,
              "install-failed: .*first line.*not installed"),
          new AdapterFault(
              "succeeds after install_timeout", it -> it.succeedsLate(1), "successful\"}", NEW),
          unseen("tells no version in time", "%hang%", "longer than version_timeout"),
          unseen("tells nothing, ignoring TERM", "trap '' TERM; %hang%", "version_timeout"),
          unseen("tells no end of versions", "exec yes 2.0", "longer than version_timeout"),
          unseen("tells no version", "exit 0", "wrote no version"),
          unseen("fails to tell", "echo 2.0; echo gone >&2; exit 1", "exit status 1: gone"),
          unseen("tells and dies", "echo 2.0; kill -SEGV $$", "SIGSEGV"),
          unseen("tells too late", "sleep 1000; echo 2.0", "longer than version_timeout"),
          unseen(
              "tells 10 MB",
              "head -c 10000000 /dev/zero | tr '\\0' 2",
              "more than the 256 of a version"),
          new AdapterFault(
              "tells colours and space",
              it -> it.answersBy("printf ' \\033[1m%s\\033[0m \\r\\n' $(cat version); exit 0"),
              "successful\"}",
              NEW),
          new AdapterFault(
              "leaves children when it tells",
              it -> it.answersBy("(setsid sleep 1000 &)"),
              "successful\"}",
              NEW),
          unrestored("restores", "", "was restored"),
          unrestored("never restores", "%hang%", "longer than install_timeout"),
          unrestored(
              "never restores, ignoring TERM",
              "trap '' TERM; %hang%",
              "longer than install_timeout"),
          unrestored("floods when it restores", "exec yes", "longer than install_timeout"),
          unrestored("fails to restore", "echo lost >&2; exit 2", "failed too: .*lost"),
          unrestored("leaves children when it restores", "(setsid sleep 1000 &)", "was restored"));

  private AdapterFaults() {}

  static FakeDevice remove(FakeDevice device) {
    try {
      Files.delete(device.file("install.sh"));
      return device;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FakeDevice directory(FakeDevice device) {
    try {
      Files.createDirectory(remove(device).file("install.sh"));
      return device;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FakeDevice forbid(FakeDevice device) {
    return program(device, "#!/bin/sh\n", false);
  }

  private static FakeDevice misname(FakeDevice device) {
    return program(device, "#!/no/such/interpreter\n", true);
  }

  private static FakeDevice program(FakeDevice device, String text, boolean executable) {
    try {
      Path program = remove(device).file("install.sh");
      Files.writeString(program, text);
      program.toFile().setExecutable(executable);
      return device;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

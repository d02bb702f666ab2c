package io.github.childconnector.adapter.file;

import io.github.childconnector.adapter.program.CommandLine;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A child's {@code [child.file]} table; the package documentation has a sample.
 *
 * @param path the file that the device reads
 * @param mountPoint what must be mounted for that
 * @param keepsPrevious whether the file that was there is kept, to go back to it
 * @param after what is run when the file is in its place
 * @param readVersion what tells which version the device runs
 */
record FileSettings(
    Path path,
    Optional<Path> mountPoint,
    boolean keepsPrevious,
    Optional<CommandLine> after,
    Optional<CommandLine> readVersion) {}

/**
 * The few file operations on which the journal and the image store rest, with the order of writes,
 * fsyncs and renames that survives a power cut; and the lock of a storage directory.
 *
 * <p>Both go through the interface {@link io.github.childconnector.disk.Disk}, which is where tests
 * make a disk fill up, fail or lose what was not forced out. Imports nothing of this program but
 * the leaf {@code fault}; every package may import it.
 */
@NullMarked
package io.github.childconnector.disk;

import org.jspecify.annotations.NullMarked;

/**
 * How the families of adapters that flash with other people's programs run them: with a session and
 * marks by which every process is found, without a shell, listened to in constant memory, and ended
 * for good. {@code adapter.command} documents the rules for those who write such programs.
 *
 * <p>No family of its own: the families {@code command} and {@code module} stand on it, so that
 * none of them imports the other.
 *
 * <p>May import {@code adapter}, {@code settings}, {@code operation} and the leaf {@code clock}.
 */
@NullMarked
package io.github.childconnector.adapter.program;

import org.jspecify.annotations.NullMarked;

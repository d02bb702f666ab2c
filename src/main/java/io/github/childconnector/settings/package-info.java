/**
 * Values of configuration tables: how each kind is read, bounded, refused and shown.
 *
 * <p>Begin with {@link io.github.childconnector.settings.Section}: a reader asks it for every key
 * once, with a kind and a default, so that one place knows all keys. The kinds are in {@code Kinds}
 * (texts, words, flags, numbers, times, sizes) and {@code Places} (paths and hosts); a room makes
 * further ones by {@code Kinds.parsed}. The same mistake is therefore told by the same sentence
 * wherever it is made.
 *
 * <p>May import {@code operation} and the leaves {@code clock} and {@code tls}.
 */
@NullMarked
package io.github.childconnector.settings;

import org.jspecify.annotations.NullMarked;

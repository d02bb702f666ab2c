/**
 * From TOML files to one tree of the features' own settings records, with all problems at once.
 *
 * <p>{@link io.github.childconnector.config.ConfigLoader} merges the files and hands each section
 * to a reader of its own. A reader asks its {@code Section} for every key once, with kind and
 * default; so one place knows all keys, and problems, "did you mean" and the effective
 * configuration come from it. A value comes from our files, else from a {@code TEDGE_…} variable,
 * else from thin-edge's {@code tedge.toml}, else it is the default.
 *
 * <p>May import {@code operation}, {@code image}, {@code adapter}, {@code mqtt}, {@code settings},
 * {@code thinedge}, {@code update} and the leaf {@code tls}.
 */
@NullMarked
package io.github.childconnector.config;

import org.jspecify.annotations.NullMarked;

/**
 * From TOML files to one tree of the features' own settings records, with all problems at once.
 *
 * <p>May import {@code operation}, {@code image}, {@code adapter}, {@code mqtt}, {@code thinedge},
 * {@code update} and the leaf {@code tls}.
 */
@NullMarked
package io.github.childconnector.config;

import org.jspecify.annotations.NullMarked;

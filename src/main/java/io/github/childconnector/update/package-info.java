/**
 * The engine: takes valid requests, brings each through its stages to one end, and reports it.
 *
 * <p>May import {@code operation}, {@code image}, {@code adapter}, {@code journal} and the leaves
 * {@code clock} and {@code disk}.
 */
@NullMarked
package io.github.childconnector.update;

import org.jspecify.annotations.NullMarked;

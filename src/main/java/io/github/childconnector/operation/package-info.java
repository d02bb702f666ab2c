/**
 * The words every other package speaks: which child, which operation, which firmware, which stage,
 * how it ended and why.
 *
 * <p>Immutable values without behaviour of their own beyond validation and digests. The one table
 * in it is {@link io.github.childconnector.operation.Stage}. Imports java.* only, and commons-codec
 * in {@link io.github.childconnector.operation.Sha256}, where all digests are made.
 */
@NullMarked
package io.github.childconnector.operation;

import org.jspecify.annotations.NullMarked;

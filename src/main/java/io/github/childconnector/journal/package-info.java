/**
 * The memory that must survive a power cut: one small JSON file per operation.
 *
 * <p>May import {@code operation} and the leaf {@code disk}.
 */
@NullMarked
package io.github.childconnector.journal;

import org.jspecify.annotations.NullMarked;

/**
 * The memory that must survive a power cut: one small JSON file per operation. What is yet to be
 * done is read at a start; what has ended and was told lies in the {@link
 * io.github.childconnector.journal.Archive} and is looked up when somebody asks.
 *
 * <p>May import {@code operation} and the leaf {@code disk}.
 */
@NullMarked
package io.github.childconnector.journal;

import org.jspecify.annotations.NullMarked;

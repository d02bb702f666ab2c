/** The man pages, examples and diagnostics script, held against the program. */
@NullMarked
package io.github.childconnector.docs;

import org.jspecify.annotations.NullMarked;

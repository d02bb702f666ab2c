/**
 * The causes of an exception, for those who put it into words, and which of them last as long as
 * the process. A leaf: imports nothing of this program, and every other package may import it.
 */
@NullMarked
package io.github.childconnector.fault;

import org.jspecify.annotations.NullMarked;

/** The program as its operator runs it, one class for each device family. */
@NullMarked
package io.github.childconnector.daemon;

import org.jspecify.annotations.NullMarked;

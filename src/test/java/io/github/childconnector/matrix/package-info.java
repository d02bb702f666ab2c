/** The fault matrices that run the real program: every fault at every point, counted. */
@NullMarked
package io.github.childconnector.matrix;

import org.jspecify.annotations.NullMarked;

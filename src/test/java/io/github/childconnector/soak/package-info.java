/** All faults at random, for as long as wanted, against one daemon. */
@NullMarked
package io.github.childconnector.soak;

import org.jspecify.annotations.NullMarked;

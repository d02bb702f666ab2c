@NullMarked
package io.github.childconnector.adapter.drogue;

import org.jspecify.annotations.NullMarked;

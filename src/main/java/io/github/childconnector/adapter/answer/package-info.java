/**
 * Values found in what a device answers, for those families of adapters that take a version from
 * it: JSON documents and pointers into them, and regular expressions that give up in time.
 *
 * <p>May import {@code operation} and {@code settings} alone.
 */
@NullMarked
package io.github.childconnector.adapter.answer;

import org.jspecify.annotations.NullMarked;

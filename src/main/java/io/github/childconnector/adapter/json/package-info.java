/**
 * What devices say in JSON, for those families of adapters that find a version in it.
 *
 * <p>May import nothing of this program.
 */
@NullMarked
package io.github.childconnector.adapter.json;

import org.jspecify.annotations.NullMarked;

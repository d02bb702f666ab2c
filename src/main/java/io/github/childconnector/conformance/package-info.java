/**
 * The test that {@code adapter-test} makes of an adapter: one update after the other, each
 * disturbed in another way, and after each the question whether the device runs what it should, and
 * whether the next update goes well.
 *
 * <p>An {@link io.github.childconnector.conformance.AdapterTrials} works on one {@link
 * io.github.childconnector.conformance.Subject} and tells a {@link
 * io.github.childconnector.conformance.Result} for each check. It goes the ways of the engine, in
 * the engine's order, without its journal: what is tested are the operator's programs. Which
 * families can be tried, and what else they have to withstand, they say themselves, by {@link
 * io.github.childconnector.adapter.Trial}.
 *
 * <p>May import {@code adapter}, {@code image}, {@code operation}, {@code update} and the leaves.
 */
@NullMarked
package io.github.childconnector.conformance;

import org.jspecify.annotations.NullMarked;

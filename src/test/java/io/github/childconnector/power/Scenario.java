package io.github.childconnector.power;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What is asked of the connector, and what its surroundings are like.
 *
 * @param ids of the requests, in their order; an id that was there is the same request again
 * @param ends what may be told of each, but for {@code failed interrupted} after a cut
 */
record Scenario(String name, List<String> ids, Set<String> ends, Set<Trait> traits) {
  static final String SUCCESS = "successful";

  /** What is not as in a good update. */
  enum Trait {
    /** The adapter may do an installation again. */
    REPEATABLE,
    /** The adapter cannot see versions. */
    BLIND,
    /** The device refuses the image. */
    BROKEN,
    /** The device takes the image and does not run it. */
    DEAF,
    /** The adapter can restore the old firmware. */
    RESTORABLE,
    /** The requests break the contract. */
    INVALID,
    /** The file server's bytes are others than requested. */
    SPOILT,
    /** The file server's bytes are replaced while they are fetched. */
    REPLACED,
    /** Only two ended operations are remembered. */
    FORGETFUL
  }

  static final List<Scenario> ALL =
      List.of(
          of("good", "a", SUCCESS),
          of("repeatable", "a", SUCCESS, Trait.REPEATABLE),
          of("blind", "a", SUCCESS, Trait.BLIND),
          of("blind and repeatable", "a", SUCCESS, Trait.BLIND, Trait.REPEATABLE),
          of("rollback", "a", "failed install-failed", Trait.BROKEN, Trait.RESTORABLE),
          of("no rollback", "a", "failed install-failed", Trait.BROKEN),
          of("not confirmed", "a", "failed not-confirmed", Trait.DEAF, Trait.RESTORABLE),
          of("refused", "a", "failed request-invalid", Trait.INVALID),
          of("wrong image", "a", "failed digest-mismatch", Trait.SPOILT),
          of("replaced image", "a", SUCCESS, Trait.REPLACED),
          of("sent again", "a a b a", SUCCESS),
          of("forgetting and pruning", "a b c d", SUCCESS, Trait.FORGETFUL));

  private static Scenario of(String name, String ids, String end, Trait... traits) {
    return new Scenario(name, List.of(ids.split(" ")), Set.of(end), Set.copyOf(List.of(traits)));
  }

  boolean is(Trait... any) {
    return Arrays.stream(any).anyMatch(traits::contains);
  }

  /** The version that a request is for. */
  static String version(String id) {
    return "2." + id;
  }

  @Override
  public String toString() {
    return name;
  }
}

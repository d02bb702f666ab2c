package io.github.childconnector.image;

import static io.github.childconnector.image.Faults.BODY;
import static io.github.childconnector.image.Faults.CUT;
import static io.github.childconnector.image.Faults.LENGTH;
import static io.github.childconnector.image.Faults.TAG;

import io.github.childconnector.image.ScriptedServer.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One fault.
 *
 * @param end how it ends: the code, and words of the sentence behind it
 * @param requests how many requests the server gets
 * @param served the most bytes of bodies that the server sends
 * @param script what the server answers
 */
record HttpFault(
    String name, String end, int requests, long served, Function<Faults, List<Reply>> script) {
  @Override
  public String toString() {
    return name;
  }

  /** The same fault that ends otherwise. */
  HttpFault ending(String other, int after) {
    return new HttpFault(name, other, after, Math.max(served, (long) after * BODY.length), script);
  }

  static HttpFault row(
      String name, String end, int requests, Function<Faults, List<Reply>> script) {
    return new HttpFault(name, end, requests, (long) requests * BODY.length, script);
  }

  /** A server that does the same each time. */
  static HttpFault each(String name, String end, int requests, Function<Faults, Reply> reply) {
    return row(name, end, requests, faults -> List.of(reply.apply(faults)));
  }

  /** A server that sends as much as is taken, each time. */
  static HttpFault endless(String name, String end, int requests, Reply reply) {
    return new HttpFault(name, end, requests, Long.MAX_VALUE, faults -> List.of(reply));
  }

  /** A server that first breaks off a body with a tag. */
  static HttpFault resumed(String name, String end, int requests, Reply... then) {
    return row(
        name,
        end,
        requests,
        faults -> {
          List<Reply> script = new ArrayList<>(List.of(then));
          script.add(0, faults.cutAfter(CUT, LENGTH, TAG));
          return script;
        });
  }

  /** A server that does the same each time. */
  static HttpFault always(String name, String end, int requests, Reply reply) {
    return row(name, end, requests, faults -> List.of(reply));
  }
}

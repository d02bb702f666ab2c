package io.github.childconnector.adapter;

import java.io.IOException;

/**
 * A thing that an adapter keeps open for as long as its child is served, such as a port that
 * devices ask. Several children may share what is behind it.
 */
public interface Endpoint {

  /**
   * Opens it; called once, before the adapter is asked for anything at a device.
   *
   * @throws IOException it cannot be opened; says what is wrong, and what to do
   */
  void open() throws IOException;

  /** Closes it. What the adapter is doing for an operation at that moment goes on undisturbed. */
  void close();
}

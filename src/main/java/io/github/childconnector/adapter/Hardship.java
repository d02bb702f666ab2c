package io.github.childconnector.adapter;

/** The hardships that {@code adapter-test} makes for the programs of an adapter. */
public enum Hardship {
  /** No file can be written: every write fails as if the disk were full. */
  FULL_DISK,
  /**
   * The surroundings of a service: no variables but {@code PATH}, the locale and what the adapter
   * is configured with, files for nobody else, and a directory in which nothing can be created.
   */
  BARE_SERVICE,
  /** Nobody listens: every write to the outputs fails. */
  LOST_OUTPUT
}

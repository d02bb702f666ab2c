package io.github.childconnector.adapter.drogue;

/** What is done upon a status: what to tell the device, and what is known of the delivery then. */
sealed interface Step {

  /** What is to be kept before anything is said. */
  Delivery delivery();

  /** It is told to keep what it runs. */
  record Sync(Delivery delivery) implements Step {}

  /** It is sent this part of the image. */
  record Write(Delivery delivery, long offset, int length) implements Step {}

  /** It is told to start the image. */
  record Swap(Delivery delivery) implements Step {}

  /** It runs the version, and is told to keep it at once: else it goes back at its next restart. */
  record Done(Delivery delivery) implements Step {}

  /** There is no sense in going on; it is told to keep what it runs. */
  record Failed(Delivery delivery, String sentence) implements Step {}
}

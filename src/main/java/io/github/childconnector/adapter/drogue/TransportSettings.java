package io.github.childconnector.adapter.drogue;

/**
 * How statuses come from devices and commands go to them. Children with equal settings share one
 * transport; the text of the settings is what people know it by.
 */
interface TransportSettings {

  /** A transport that has its statuses answered by these. */
  Transport transport(Dialogues dialogues);

  /** The form of its messages; made when the first message comes, and never at start. */
  Codec codec();

  /** In bytes, the largest block that fits into a message of it. */
  int largestBlock();
}

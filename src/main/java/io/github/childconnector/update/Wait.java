package io.github.childconnector.update;

/**
 * The thing that an operation waits for at the moment, without a thread.
 *
 * @param what it, in words that an operator knows, for example {@code rs485}
 */
public record Wait(Kind kind, String what) {
  /** The kinds of what is waited for. */
  public enum Kind {
    /** The end of the child's earlier operations. */
    TURN,
    /** The end of another download of the same image. */
    IMAGE,
    /** A free download. */
    DOWNLOAD,
    /** Room on the disk, which other updates will free. */
    ROOM,
    /** The bus, on which another child is worked on. */
    BUS,
    /** The end of what was left at work at the device, and may still write it. */
    LEFTOVER,
    /** A free installer. */
    INSTALLER,
    /** The device, which comes by itself, or which runs the new version after a while. */
    DEVICE,
    /** The end of a pause in which a busy device is left alone. */
    PAUSE
  }
}

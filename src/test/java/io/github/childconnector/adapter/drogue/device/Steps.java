package io.github.childconnector.adapter.drogue.device;

/** Is told of each step of a device before it is taken, for example {@code write#3}. */
public interface Steps {

  /**
   * The device is about to take this step.
   *
   * @throws PowerCut instead
   */
  void reached(String step);

  /** The device has no power any more; what is not in its flash is lost. */
  final class PowerCut extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** At this step. */
    public PowerCut(String step) {
      super(step, null, false, false);
    }
  }
}

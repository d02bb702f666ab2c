package io.github.childconnector.update;

/** What is done in one stage. */
interface StageWork {

  /** Works until the operation can move on; an interrupt leaves it where the journal has it. */
  Transition work(Operation operation) throws InterruptedException;
}

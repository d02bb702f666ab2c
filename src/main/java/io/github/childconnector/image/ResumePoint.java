package io.github.childconnector.image;

/** From where a download could go on, and the bytes of which the first {@code offset} are here. */
record ResumePoint(long offset, EntityTag tag) {}

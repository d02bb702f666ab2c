package io.github.childconnector.adapter.drogue.device;

/** What a device is made of, and made like. */
record Board(Flash flash, BootState state, Traits traits, CountedSteps steps) {}

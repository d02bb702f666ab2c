package io.github.childconnector.adapter;

import io.github.childconnector.operation.ChildId;
import io.github.childconnector.settings.Section;

/**
 * Makes the adapters of one device family. Found by {@link java.util.ServiceLoader}: name the class
 * in {@code META-INF/services/io.github.childconnector.adapter.AdapterProvider}.
 */
public interface AdapterProvider {

  /** The word in {@code child.adapter}, which is also the name of the child's sub-table. */
  String name();

  /**
   * Makes the adapter of one child. Only reads settings, each key once and whatever the others say,
   * and notes their problems; touches no device and no file, because a configuration check makes
   * adapters too.
   *
   * @param settings the child's sub-table; a key that is never asked for is unknown, and refused
   */
  DeviceAdapter create(ChildId child, Section settings);
}

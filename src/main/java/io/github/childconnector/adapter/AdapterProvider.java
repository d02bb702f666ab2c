package io.github.childconnector.adapter;

import io.github.childconnector.operation.ChildId;

/**
 * Makes the adapters of one device family. Found by {@link java.util.ServiceLoader}: name the class
 * in {@code META-INF/services/io.github.childconnector.adapter.AdapterProvider}.
 */
public interface AdapterProvider {

  /** The word in {@code child.adapter}, which is also the name of the child's sub-table. */
  String name();

  /**
   * Makes the adapter of one child. Only reads settings and tells their problems to {@link
   * AdapterSettings#problem}; touches no device and no file, because a configuration check makes
   * adapters too.
   */
  DeviceAdapter create(ChildId child, AdapterSettings settings);
}

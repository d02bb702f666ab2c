/**
 * Devices that come by themselves, for those families of adapters that await them: servers of the
 * gateway's own ({@link io.github.childconnector.adapter.endpoint.DeviceServer}) and what comes to
 * them ({@link io.github.childconnector.adapter.endpoint.DeviceRequest}), the places that children
 * share ({@link io.github.childconnector.adapter.endpoint.Leases}), the devices that are served
 * there, by name and login ({@link io.github.childconnector.adapter.endpoint.HeldDevices}), and
 * what becomes of an offer to one ({@link io.github.childconnector.adapter.endpoint.OfferEnd}).
 *
 * <p>May import {@code adapter}, {@code operation}, {@code settings} and the leaves.
 */
@NullMarked
package io.github.childconnector.adapter.endpoint;

import org.jspecify.annotations.NullMarked;

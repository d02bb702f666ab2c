/**
 * The interfaces that an adapter author implements to make one more kind of device updatable.
 *
 * <p>An {@link io.github.childconnector.adapter.AdapterProvider}, found by {@link
 * java.util.ServiceLoader}, makes one {@link io.github.childconnector.adapter.DeviceAdapter} for
 * each configured child from that child's own sub-table of the configuration. The engine calls it
 * for one operation at a time, with an image whose digest has been compared, bounds every call in
 * time, and ends a call by interrupting its thread: an adapter lets the {@link
 * java.lang.InterruptedException} through after it has stopped whatever it started.
 *
 * <p>What an adapter can do beyond installing it says by offering a capability: {@link
 * io.github.childconnector.adapter.DeviceAdapter.VersionReader}, {@link
 * io.github.childconnector.adapter.DeviceAdapter.Rollback}, {@link
 * io.github.childconnector.adapter.DeviceAdapter.Commitment}, or {@code isRepeatable}. They are
 * offered objects, not sub-interfaces, because for most adapters the configuration decides which of
 * them exist.
 *
 * <p>An adapter whose devices come to the gateway by themselves offers an {@link
 * io.github.childconnector.adapter.DeviceAdapter.Endpoint}, and an {@link
 * io.github.childconnector.adapter.DeviceAdapter.Offering}, so that nobody waits for them in a
 * thread. When the configuration is read again, the endpoints of the new adapters are opened before
 * those of the old ones are closed; a provider lets both use the same port.
 *
 * <p>An adapter that runs programs offers a {@link io.github.childconnector.adapter.Trial}, with
 * which {@code adapter-test} shows their authors what is not safe in them.
 *
 * <p>May import {@code operation}, {@code image} and {@code settings}.
 */
@NullMarked
package io.github.childconnector.adapter;

import org.jspecify.annotations.NullMarked;

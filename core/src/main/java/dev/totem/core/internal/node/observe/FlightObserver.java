/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.SlowSubscriberException;
import dev.totem.core.internal.protocol.RingObserver;
import java.util.function.LongSupplier;

/** What happens at a node, for a flight recorder. Node loop only. */
public interface FlightObserver extends RingObserver {

    /** Nobody records. */
    FlightObserver NONE = new FlightObserver() {};

    /** All members seal with another key. */
    default void rekeyed(int keyId, Position position) {}

    /** The ring is held back, or not any more. */
    default void heldBack(boolean on) {}

    /** A subscription of a handle was ended. */
    default void slow(int handle, SlowSubscriberException reason) {}

    /** That of this JVM, which may have been made without one. */
    static FlightObserver of(NodeId self, LongSupplier nowNanos) {
        return ModuleLayer.boot().findModule("jdk.jfr").isPresent() ? new JfrObserver(self, nowNanos) : NONE;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.Replication;

/**
 * How many networks the nodes of a cluster have, what they send on which, and how long their frames may be. Immutable, any thread.
 *
 * @param networks 1 to 4
 * @param replication of more than one
 * @param frameBytesMax what their interfaces carry; above 1,472 nodes find out what arrives
 */
public record Redundancy(int networks, Replication replication, int frameBytesMax) {

    /** What ordinary Ethernet carries. */
    static final int FRAME_BYTES = 1_472;

    /** On ordinary Ethernet. */
    public Redundancy(int networks, Replication replication) {
        this(networks, replication, FRAME_BYTES);
    }

    /** One network, as most have. */
    public static final Redundancy NONE = new Redundancy(1, Replication.PASSIVE);

    /** One network of long frames. */
    public static Redundancy framesOf(int frameBytesMax) {
        return new Redundancy(1, Replication.PASSIVE, frameBytesMax);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.Replication;
import dev.totem.core.internal.link.Spread;

/**
 * How many networks the nodes of a cluster have, what they send on which, and how long their frames may be. Immutable, any thread.
 *
 * @param networks 1 to 4
 * @param spread of more than one
 * @param frameBytesMax what their interfaces carry; above 1,472 nodes find out what arrives
 */
public record Redundancy(int networks, Spread spread, int frameBytesMax) {

    /** What ordinary Ethernet carries. */
    static final int FRAME_BYTES = 1_472;

    /** On ordinary Ethernet. */
    public Redundancy(int networks, Replication replication) {
        this(networks, Spread.of(replication), FRAME_BYTES);
    }

    /** One network, as most have. */
    public static final Redundancy NONE = new Redundancy(1, Replication.PASSIVE);

    /** One network of long frames. */
    public static Redundancy framesOf(int frameBytesMax) {
        return new Redundancy(1, Spread.PASSIVE, frameBytesMax);
    }

    /** One by one, and a group that is used while all hear each other by it. */
    public static final Redundancy AUTO = new Redundancy(2, Spread.GROUP, FRAME_BYTES);
}

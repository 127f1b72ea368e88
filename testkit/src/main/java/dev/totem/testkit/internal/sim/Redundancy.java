/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.Replication;

/**
 * How many networks the nodes of a cluster have, and what they send on which. Immutable, any thread.
 *
 * @param networks 1 to 4
 * @param replication of more than one
 */
public record Redundancy(int networks, Replication replication) {

    /** One network, as most have. */
    public static final Redundancy NONE = new Redundancy(1, Replication.PASSIVE);
}

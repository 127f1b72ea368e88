/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.testkit.internal.sim.invariants.RingInvariants;
import java.util.List;

/** What all nodes of a cluster share. */
record SimParts(
        NodeSettings config,
        NodeLauncher launcher,
        SimUser.Source users,
        SimScheduler scheduler,
        List<SimNetwork> networks,
        Redundancy redundancy,
        Trace trace,
        Progress progress,
        RingInvariants invariants) {}

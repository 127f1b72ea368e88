/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.NodeScheduler;
import dev.totem.core.spi.RingSequenceStore;
import java.util.random.RandomGenerator;

/** What a node runs on. */
public record NodeEnvironment(
        DatagramLink link,
        NodeScheduler scheduler,
        DatagramSeal seal,
        RingSequenceStore store,
        RandomGenerator random) {}

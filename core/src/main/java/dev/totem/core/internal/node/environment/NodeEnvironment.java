/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.environment;

import dev.totem.core.internal.protocol.StepWitness;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.NodeScheduler;
import dev.totem.core.spi.RingSequenceStore;
import java.util.random.RandomGenerator;

/**
 * What a node runs on. Any thread.
 *
 * @param link bound, not yet started; belongs to the node, which closes it
 * @param scheduler the node's loop, on which the link calls
 * @param seal makes the node's session
 * @param store stable storage of this node id alone
 * @param random used on the loop only
 * @param reserve how many ring numbers are kept ready; {@link RingReserve#PRODUCTION} in production
 * @param witness sees every step of the protocol; {@link StepWitness#NONE} in production
 * @param lastWords keeps what the node did if it stops itself
 */
public record NodeEnvironment(
        DatagramLink link,
        NodeScheduler scheduler,
        DatagramSeal seal,
        RingSequenceStore store,
        RandomGenerator random,
        RingReserve reserve,
        StepWitness witness,
        LastWords lastWords) {

    /** Nobody keeps its last words. */
    public NodeEnvironment(
            DatagramLink link,
            NodeScheduler scheduler,
            DatagramSeal seal,
            RingSequenceStore store,
            RandomGenerator random,
            RingReserve reserve,
            StepWitness witness) {
        this(link, scheduler, seal, store, random, reserve, witness, LastWords.UNKEPT);
    }

    /** Nobody looks. */
    public NodeEnvironment(
            DatagramLink link,
            NodeScheduler scheduler,
            DatagramSeal seal,
            RingSequenceStore store,
            RandomGenerator random) {
        this(link, scheduler, seal, store, random, RingReserve.PRODUCTION, StepWitness.NONE);
    }

    /** The same, with somebody who keeps the last words. */
    public NodeEnvironment withLastWords(LastWords kept) {
        return new NodeEnvironment(link, scheduler, seal, store, random, reserve, witness, kept);
    }
}

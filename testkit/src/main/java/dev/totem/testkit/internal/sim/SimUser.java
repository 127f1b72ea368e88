/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.ConfigChange;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.Quorum;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.protocol.StepWitness;
import dev.totem.testkit.internal.check.EvsLog;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Who uses one life of a simulated node, and logs it. One thread. */
interface SimUser {

    /** Who uses a life that begins. */
    @FunctionalInterface
    interface Source {
        SimUser begin(Life life);
    }

    /**
     * A life.
     *
     * @param number counts the lives of the node, from 0
     * @param quorum the node's, as it was set
     * @param onStopped told why the node stopped itself
     * @param onLeft told when it has left in order
     */
    record Life(
            NodeId node,
            int number,
            Quorum quorum,
            SimLife time,
            Trace trace,
            Progress progress,
            Consumer<Throwable> onStopped,
            Runnable onLeft) {}

    /** Sees the steps of the protocol. */
    StepWitness witness();

    /** The node, before it delivers anything. */
    void attach(TotemNode node);

    /** It is about to leave: no more sends. */
    void leaving();

    /** It was killed, and had delivered more than it had room to hand on, or not. */
    void died(boolean isTailLost);

    /** It is gone after an orderly end. */
    void left();

    /** Sends a message, if that is for others to ask for. */
    void send(int handle, int group, Guarantee guarantee, int bytes);

    /** Asks for nothing for this long. */
    void stall(int which, long nanos);

    /** Opens and closes handles, joins and leaves, as follows from a seed, if that is for others to ask for. */
    default void churn(long seed) {}

    /** The groups of handles that only come and go, and who is in them, as each of the handles knows it. */
    default Stream<Crowd> crowds() {
        return Stream.empty();
    }

    /** The configuration it was told of last. */
    Optional<ConfigChange> last();

    /** Sends without an answer. */
    int pending();

    /** Everything so far. */
    EvsLog log();

    /** What no log shows. */
    List<String> failures();
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import dev.totem.core.NodeId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A cipher suite with its keys: makes a {@link SealSession} for each life of a node. Any thread. */
public interface DatagramSeal {

    /** The suite's name as on the command line, for example {@code aes-256-gcm}. */
    String suite();

    /**
     * Starts a life.
     *
     * @param self the node that seals
     * @param cluster frames of other clusters do not open
     */
    SealSession session(NodeId self, String cluster);

    /**
     * Reads the keys again where they are kept; {@link SealKeys#refresh()} takes in what was found. Does not block;
     * completes on any thread, with {@code ConfigurationException} if they cannot be read. Nothing to do for a seal that
     * keeps none.
     */
    default CompletionStage<Void> reload() {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Notes where the keys are kept that a key is the one to seal with when a session starts. Does not block; completes on
     * any thread, with {@code ConfigurationException} if it could not be noted.
     */
    default CompletionStage<Void> keepActive(int id) {
        return CompletableFuture.completedFuture(null);
    }
}

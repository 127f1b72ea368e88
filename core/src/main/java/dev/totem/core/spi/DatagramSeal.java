/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import dev.totem.core.NodeId;

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
}

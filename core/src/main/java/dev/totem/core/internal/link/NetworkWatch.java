/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import dev.totem.core.NodeId;

/** Is told when a network does not work any more, and when it does again. Node loop only. */
public interface NetworkWatch {

    /** Nobody looks. */
    NetworkWatch NONE = new NetworkWatch() {
        @Override
        public void faulty(int network, NodeId unheard) {}

        @Override
        public void leftOut(int network, NodeId by) {}

        @Override
        public void healed(int network) {}
    };

    /**
     * A member is heard on another network and not on this one.
     *
     * @param network from 1
     */
    void faulty(int network, NodeId unheard);

    /**
     * A member says so of this network, on which this node hears all.
     *
     * @param network from 1
     */
    void leftOut(int network, NodeId by);

    /** All members that are heard are heard on this network again. */
    void healed(int network);
}

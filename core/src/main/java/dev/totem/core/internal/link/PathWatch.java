/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import dev.totem.core.NodeId;

/** Is told which frames reach all members. Node loop only. */
public interface PathWatch {

    /** Nobody looks. */
    PathWatch NONE = new PathWatch() {
        @Override
        public void raised(int frameBytes) {}

        @Override
        public void lowered(int frameBytes, int lostBytes, NodeId by) {}
    };

    /** All members have confirmed frames of this size. */
    void raised(int frameBytes);

    /**
     * Frames that were used until now are lost on the way to a member, and small ones arrive.
     *
     * @param frameBytes what is used from now on
     * @param lostBytes what is lost
     */
    void lowered(int frameBytes, int lostBytes, NodeId by);
}

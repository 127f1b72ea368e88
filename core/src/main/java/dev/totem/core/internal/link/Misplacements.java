/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import dev.totem.core.NodeId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who is not where its addresses are listed: on one of several networks that network is faulty, on all of them the node is another
 * one, or is not listed. Node loop only.
 */
final class Misplacements {

    /** Whoever is heard there may claim any id. */
    private static final int KEPT_MAX = 64;

    private final int all;
    private final Map<NodeId, Integer> seen = new LinkedHashMap<>() {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<NodeId, Integer> eldest) {
            return size() > KEPT_MAX;
        }
    };

    /** @param networks that tell where somebody is, from the first on */
    Misplacements(int networks) {
        this.all = (1 << networks) - 1;
    }

    /** Whether this was the last network on which it had not been misplaced since that was said last. */
    boolean isEverywhere(int network, NodeId claimed) {
        int where = seen.merge(claimed, 1 << network, (before, now) -> before | now);
        if ((where & all) != all) {
            return false;
        }
        seen.remove(claimed);
        return true;
    }
}

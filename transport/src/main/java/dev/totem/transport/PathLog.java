/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import dev.totem.core.internal.link.PathWatch;

/** Says which frames arrive. Node loop only. */
final class PathLog implements PathWatch {

    private final LinkLog log;
    private int said;

    PathLog(LinkLog log) {
        this.log = log;
    }

    /** Found again in each ring, and worth a line if it is news. */
    @Override
    public void raised(int frameBytes) {
        if (frameBytes > said) {
            said = frameBytes;
            log.info("frames of up to " + frameBytes + " bytes reach all members");
        }
    }

    @Override
    public void lowered(int frameBytes, int lostBytes, NodeId by) {
        said = frameBytes;
        log.warn(
                "long frames do not arrive",
                "those of " + lostBytes + " bytes at node " + by + ", while short ones do; they have at most "
                        + frameBytes + " bytes from now on, and longer ones are tried again");
    }
}

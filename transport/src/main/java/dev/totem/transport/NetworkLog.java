/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import dev.totem.core.internal.link.NetworkWatch;

/** Says which of several networks do not work. Node loop only. */
final class NetworkLog implements NetworkWatch {

    private final LinkLog log;

    NetworkLog(LinkLog log) {
        this.log = log;
    }

    @Override
    public void faulty(int network, NodeId unheard) {
        log.warn(
                "network " + network + " is faulty",
                "node " + unheard + " is heard on another and not there; the ring goes on without it");
    }

    @Override
    public void leftOut(int network, NodeId by) {
        log.warn("network " + network + " is left out", "node " + by + " says that it does not hear all others there");
    }

    @Override
    public void healed(int network) {
        log.info("network " + network + " works again");
    }
}

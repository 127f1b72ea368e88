/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import dev.totem.core.internal.link.NetworkWatch;

/** Says whether messages go by the group or one by one, and why. Node loop only. */
final class GroupLog implements NetworkWatch {

    private static final int BY_GROUP = 2;

    private final LinkLog log;
    private final Endpoint group;

    GroupLog(LinkLog log, Endpoint group) {
        this.log = log;
        this.group = group;
    }

    @Override
    public void faulty(int network, NodeId unheard) {
        if (network == BY_GROUP) {
            log.warn("messages go one by one", "node " + unheard + " is not heard by the group " + group);
        } else {
            log.warn("a node is heard by the group and not one by one", "node " + unheard);
        }
    }

    @Override
    public void leftOut(int network, NodeId by) {
        if (network == BY_GROUP) {
            log.warn(
                    "messages go one by one",
                    "node " + by + " says that it does not hear all others by the group " + group);
        } else {
            log.warn("not all nodes hear each other one by one", "node " + by + " says so");
        }
    }

    @Override
    public void healed(int network) {
        log.info(
                network == BY_GROUP
                        ? "messages go by the group " + group + ", by which all members hear each other"
                        : "all members hear each other one by one again");
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.deliver;

import dev.totem.core.internal.packing.Packet;
import dev.totem.core.internal.packing.PacketSource;
import java.util.Optional;

/**
 * Nothing is originated on a new ring before the node has come to its configuration, and knows what its first message is. Node
 * loop only.
 */
public final class GatedSource implements PacketSource {

    private final PacketSource source;
    private boolean isShut;

    public GatedSource(PacketSource source) {
        this.source = source;
    }

    /** The configuration that was installed last is the current one of this node's users. */
    void open() {
        isShut = false;
    }

    @Override
    public int backlog() {
        return isShut ? 0 : source.backlog();
    }

    @Override
    public Optional<Packet> next() {
        return isShut ? Optional.empty() : source.next();
    }

    @Override
    public void configurationInstalled() {
        isShut = true;
        source.configurationInstalled();
    }
}

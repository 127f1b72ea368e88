/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.packing;

import java.util.Optional;

/** Where a token visit pulls what this node originates. Node loop only. */
public interface PacketSource {

    /** Packets that {@link #next()} could return now; an estimate, but zero exactly when there is none. */
    int backlog();

    /** The next packet, filled as far as what waits allows; empty if nothing waits. */
    Optional<Packet> next();

    /**
     * A regular configuration was installed: a message that was handed over only in part starts again whole
     * ({@code PROTOCOL.md} 6.4, decided).
     */
    void configurationInstalled();
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import dev.totem.core.NodeId;
import java.util.Optional;

/**
 * The token's low-water mark after a visit ({@code PROTOCOL.md} 4.5): anybody lowers it and becomes its owner, only the
 * owner raises it, and nobody owns a mark that has reached the token's seq.
 */
public record AruRule(long aru, Optional<NodeId> owner) {

    public static AruRule after(long tokenAru, Optional<NodeId> tokenOwner, long seq, NodeId self, long ownAru) {
        boolean mine = tokenOwner.isPresent() && tokenOwner.get().equals(self);
        if (ownAru < tokenAru || mine || tokenOwner.isEmpty()) {
            return new AruRule(ownAru, ownAru == seq ? Optional.empty() : Optional.of(self));
        }
        return new AruRule(tokenAru, tokenOwner);
    }
}

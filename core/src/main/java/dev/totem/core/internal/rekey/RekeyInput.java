/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.rekey;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.internal.group.KeyNotice;
import java.util.Optional;

/** Everything that can happen to the change of keys. */
public sealed interface RekeyInput {

    /**
     * Somebody wants the ring to seal with a key.
     *
     * @param request names this request, among those of this life of the node
     * @param without who is to be left out
     */
    record Requested(long request, int keyId, Optional<NodeId> without) implements RekeyInput {}

    /** Nobody waits for a request any more. */
    record Cancelled(long request) implements RekeyInput {}

    /** A member seals with a newer key than this node. */
    record HeardNewer(int keyId, boolean isOperational) implements RekeyInput {}

    /** The key in use has been used for as long, or as much, as it was meant to be. */
    record Due() implements RekeyInput {}

    /** A frame did not open, because its key is missing here. */
    record Lacked(int keyId) implements RekeyInput {}

    /** The keys have been read again, or could not be: the answer to {@link RekeyEffect.Read}. */
    record Read(RekeyEffect.Purpose purpose, Optional<Throwable> failure) implements RekeyInput {}

    /** The order has come to a change. */
    record Changed(ConfigChange change) implements RekeyInput {}

    /** The order has come to a notice. */
    record Noticed(NodeId sender, KeyNotice notice, Position position) implements RekeyInput {}
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.rekey;

import dev.totem.core.NodeId;
import dev.totem.core.Position;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A switch that was proposed in this configuration: who is ready, who has switched. Node loop only. */
final class KeySwitch {

    private final int keyId;
    private final Set<NodeId> ready = new LinkedHashSet<>();
    private final Set<NodeId> switched = new LinkedHashSet<>();
    private @Nullable Position position;
    private @Nullable NodeId without;

    KeySwitch(int keyId) {
        this.keyId = keyId;
    }

    int keyId() {
        return keyId;
    }

    void leaveOut(NodeId node) {
        without = node;
    }

    boolean isWithout(NodeId node) {
        return node.equals(without);
    }

    void ready(NodeId node) {
        ready.add(node);
    }

    boolean areAllReady(Collection<NodeId> members) {
        return isOfAll(ready, members);
    }

    void switched(NodeId node) {
        switched.add(node);
    }

    boolean haveAllSwitched(Collection<NodeId> members) {
        return isOfAll(switched, members);
    }

    /** All switch at this position. */
    void madeAt(Position at) {
        position = at;
    }

    boolean isMade() {
        return position != null;
    }

    /** Where all switched; empty before. */
    Optional<Position> position() {
        return Optional.ofNullable(position);
    }

    private boolean isOfAll(Set<NodeId> those, Collection<NodeId> members) {
        return members.stream().allMatch(member -> member.equals(without) || those.contains(member));
    }
}

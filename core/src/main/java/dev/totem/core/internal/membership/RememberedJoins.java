/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import dev.totem.core.NodeId;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.settings.WireVersions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The latest Join of each processor, the thesis' my_last ({@code PROTOCOL.md} 3.4), and consensus as a question to it.
 *
 * <p>Node loop only. Consensus is not stored: a processor agrees if its latest Join carries exactly the present sets, so a
 * Join that came before the sets changed counts as soon as they match.
 */
public final class RememberedJoins {

    private final NodeId self;
    private final Map<NodeId, Join> latest = new TreeMap<>();

    /** Who was found to agree with the sets as they are; large rings ask again and again. */
    private final Set<NodeId> agreed = new TreeSet<>();

    private int version;

    public RememberedJoins(NodeId self) {
        this.self = self;
    }

    /** Remembers a Join, unless a later life of its sender was heard already. */
    public boolean remember(Join join) {
        Join known = latest.get(join.origin().node());
        if (known != null && known.origin().incarnation() > join.origin().incarnation()) {
            return false;
        }
        latest.put(join.origin().node(), join);
        agreed.remove(join.origin().node());
        return true;
    }

    /** Nobody has agreed to anything any more. */
    public void forget() {
        latest.clear();
        agreed.clear();
    }

    /** A processor that leaves has agreed to nothing. */
    public void forget(NodeId node) {
        latest.remove(node);
        agreed.remove(node);
    }

    public Optional<Join> latestOf(NodeId node) {
        return Optional.ofNullable(latest.get(node));
    }

    /**
     * The highest version of the message format that all these understand, who agree.
     *
     * @param own what this processor understands
     */
    public int versionOf(List<NodeId> members, WireVersions own) {
        return members.stream()
                .map(latest::get)
                .filter(Objects::nonNull)
                .mapToInt(join -> join.profile().versions().highest())
                .reduce(own.highest(), Math::min);
    }

    /** Whether another life of the node than the given one has joined in. */
    public boolean contradicts(Origin origin) {
        Join known = latest.get(origin.node());
        return known != null && known.origin().incarnation() != origin.incarnation();
    }

    public boolean agrees(NodeId node, CandidateSets sets) {
        if (node.equals(self)) {
            return true;
        }
        if (version != sets.version()) {
            version = sets.version();
            agreed.clear();
        }
        if (agreed.contains(node)) {
            return true;
        }
        Join known = latest.get(node);
        return known != null && sets.equal(known.proc(), known.fail()) && agreed.add(node);
    }

    /** Whether every processor of proc without fail agrees with the sets. */
    public boolean consensus(CandidateSets sets) {
        return sets.members().stream().allMatch(node -> agrees(node, sets));
    }
}

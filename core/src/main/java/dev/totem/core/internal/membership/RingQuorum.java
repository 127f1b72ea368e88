/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import dev.totem.core.NodeId;
import dev.totem.core.Quorum;
import dev.totem.core.internal.message.CommitEntry;
import dev.totem.core.internal.message.Vote;
import dev.totem.core.internal.settings.NodeSettings;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whether the ring that is installed may decide. Node loop only; for a whole life.
 *
 * <p>By the members of the ring and by what each of them says in the commit token, which all have before any of them installs: so
 * all decide the same, and a member with another quorum keeps the ring from deciding before anything is delivered on it.
 */
public final class RingQuorum {

    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private final Quorum quorum;
    private final int policy;
    private final int patienceMillis;
    private boolean hasMetExpected;
    private boolean isPrimary;

    /**
     * What the members of a ring make of their votes.
     *
     * @param differing members whose quorum is not as here, ascending
     * @param patienceMillis no member gives up on another in less time
     * @param hasMetExpected whether as many as the quorum expects are here, or were with one of the members
     */
    public record Verdict(boolean isPrimary, List<NodeId> differing, int patienceMillis, boolean hasMetExpected) {}

    public RingQuorum(NodeSettings config) {
        quorum = config.quorum();
        policy = quorum.isNone() ? Vote.NONE.policy() : hash(quorum.toString());
        patienceMillis = (int) config.timing().patience().toMillis();
    }

    /** What this member says of itself. */
    public Vote vote() {
        return quorum.isNone() ? Vote.NONE : new Vote(policy, patienceMillis, hasMetExpected);
    }

    public Quorum quorum() {
        return quorum;
    }

    /** The verdict on a ring of this node alone. */
    public Verdict alone(NodeId self) {
        SortedMap<NodeId, Vote> votes = new TreeMap<>();
        votes.put(self, vote());
        return decide(votes);
    }

    /** The verdict on a ring with this table of its members. */
    public Verdict decide(Collection<CommitEntry> table) {
        SortedMap<NodeId, Vote> votes = new TreeMap<>();
        table.forEach(entry -> votes.put(entry.member().node(), entry.vote()));
        return decide(votes);
    }

    private Verdict decide(SortedMap<NodeId, Vote> votes) {
        List<NodeId> members = List.copyOf(votes.keySet());
        List<NodeId> differing = votes.entrySet().stream()
                .filter(entry -> entry.getValue().policy() != policy)
                .map(Map.Entry::getKey)
                .toList();
        boolean isMet =
                members.size() >= quorum.expected() || votes.values().stream().anyMatch(Vote::hasMetExpected);
        int least = votes.values().stream().mapToInt(Vote::patienceMillis).min().orElse(0);
        return new Verdict(differing.isEmpty() && isMet && quorum.isPrimary(members), differing, least, isMet);
    }

    /** The ring with this verdict is installed. */
    public void installed(Verdict verdict) {
        isPrimary = verdict.isPrimary;
        hasMetExpected |= verdict.hasMetExpected && verdict.differing.isEmpty();
    }

    /** Whether the ring installed last may decide. */
    public boolean isPrimary() {
        return isPrimary;
    }

    private static int hash(String text) {
        int hash = FNV_OFFSET;
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ Byte.toUnsignedInt(each)) * FNV_PRIME;
        }
        return hash;
    }
}

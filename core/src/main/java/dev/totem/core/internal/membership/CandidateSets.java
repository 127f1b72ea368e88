/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import dev.totem.core.NodeId;
import dev.totem.core.internal.message.CommitToken;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The proc and fail sets ({@code PROTOCOL.md} 3.1): candidates for the next ring, and those given up on.
 *
 * <p>Node loop only. Both only grow until the next install; fail stays within proc; this processor is never in fail
 * (the paper's rule, unlike D1). Proc is never larger than the largest ring: a proposal that would make it so is ignored
 * as a whole, because sets that were cut at each processor's discretion would never agree.
 */
public final class CandidateSets {

    private final NodeId self;
    private final SortedSet<NodeId> proc = new TreeSet<>();
    private final SortedSet<NodeId> fail = new TreeSet<>();
    private List<NodeId> procList = List.of();
    private List<NodeId> failList = List.of();

    public CandidateSets(NodeId self, Collection<NodeId> candidates) {
        this.self = self;
        proc.addAll(candidates);
        proc.add(self);
    }

    public List<NodeId> proc() {
        if (procList.size() != proc.size()) {
            procList = List.copyOf(proc);
        }
        return procList;
    }

    public List<NodeId> fail() {
        if (failList.size() != fail.size()) {
            failList = List.copyOf(fail);
        }
        return failList;
    }

    /** The membership proposed by these sets: proc without fail, ascending. */
    public List<NodeId> members() {
        return proc.stream().filter(node -> !fail.contains(node)).toList();
    }

    /** Grows with every change. */
    public int version() {
        return proc.size() + fail.size();
    }

    public boolean isCandidate(NodeId node) {
        return proc.contains(node);
    }

    public boolean hasFailed(NodeId node) {
        return fail.contains(node);
    }

    /** Whether the given sets are exactly these. */
    public boolean equal(Collection<NodeId> otherProc, Collection<NodeId> otherFail) {
        return proc.size() == otherProc.size() && fail.size() == otherFail.size() && cover(otherProc, otherFail);
    }

    /** Whether the given sets are subsets of these. */
    public boolean cover(Collection<NodeId> otherProc, Collection<NodeId> otherFail) {
        return proc.containsAll(otherProc) && fail.containsAll(otherFail);
    }

    /** Whether these can be candidates too without making the sets larger than the largest ring. */
    public boolean hasRoomFor(Collection<NodeId> nodes) {
        long more = nodes.stream().filter(node -> !proc.contains(node)).count();
        return proc.size() + more <= CommitToken.MEMBERS_MAX;
    }

    /** Adds all of these, for which there must be room. */
    public boolean addCandidates(Collection<NodeId> nodes) {
        return proc.addAll(nodes);
    }

    /** Gives up on nodes; on this processor never, and only on candidates. */
    public boolean addFailed(Collection<NodeId> nodes) {
        boolean changed = false;
        for (NodeId node : nodes) {
            changed |= !node.equals(self) && proc.contains(node) && fail.add(node);
        }
        return changed;
    }

    @Override
    public String toString() {
        return "proc " + proc + " fail " + fail;
    }
}

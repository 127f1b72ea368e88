/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Divergence;
import dev.totem.blocks.Member;
import dev.totem.core.RingId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether the replicas of one configuration that have the state have had the same results, by what each says of its own behind
 * every so many entries. Right are most of them; if there is no most, and all have spoken, then the largest group of equals, and of
 * groups of one size that with the lowest node. Whoever has had others is odd. One thread.
 */
final class Comparison {

    /** So many comparisons are open at a time; the oldest is given up for another. */
    private static final int OPEN_MAX = 16;

    private final Member self;
    private final NavigableMap<Long, Ballot> ballots = new TreeMap<>();
    private final Set<Member> odd = new HashSet<>();

    /** What this replica says, which may be long on its way behind its commands. */
    private final NavigableMap<Long, Frame.Check> said = new TreeMap<>();

    private final int every;
    private long agreedIndex;
    private long saidIndex;

    /** @param every behind so many entries; 0 for never */
    Comparison(Member self, int every) {
        this.self = self;
        this.every = every;
    }

    private static final class Ballot {

        private final Map<Member, Frame.Check> votes = new TreeMap<>();
        private @Nullable Long right;
    }

    /** A configuration begins. */
    void begin() {
        ballots.clear();
        odd.clear();
        said.clear();
    }

    /** It has the state no more; what it says next, it says of another. */
    void left(Member member) {
        odd.remove(member);
        ballots.values().forEach(ballot -> ballot.votes.remove(member));
    }

    /** From here on this replica has had results that count. */
    void follow(long index) {
        saidIndex = index;
        said.clear();
    }

    /** What this replica has to say now, if it has. */
    Optional<Frame.Check> due(RingId ring, Applied applied) {
        long index = every == 0 ? 0 : applied.at().index() / every * every;
        if (index <= saidIndex) {
            return Optional.empty();
        }
        saidIndex = index;
        Frame.Check check = applied.trail().check(ring, self, index, agreedIndex);
        said.put(index, check);
        if (said.size() > OPEN_MAX) {
            said.pollFirstEntry();
        }
        return Optional.of(check);
    }

    /**
     * Somebody says what it has had.
     *
     * @return what this replica differs in, if it is odd; the position is to be filled in
     */
    Optional<Divergence> heard(Frame.Check check, Round current) {
        if (!check.ring().equals(current.ring())
                || !current.isInState(check.member())
                || odd.contains(check.member())) {
            return Optional.empty();
        }
        Ballot ballot = ballots.computeIfAbsent(check.index(), first -> new Ballot());
        ballot.votes.put(check.member(), check);
        if (ballots.size() > OPEN_MAX) {
            ballots.pollFirstEntry();
        }
        Set<Member> electors = new HashSet<>(current.inState());
        electors.removeAll(odd);
        Long right = ballot.right == null ? right(ballot, electors) : ballot.right;
        if (right == null) {
            return Optional.empty();
        }
        ballot.right = right;
        return judge(ballot, right, said.get(check.index()));
    }

    private static @Nullable Long right(Ballot ballot, Set<Member> electors) {
        Map<Long, Integer> counts = new HashMap<>();
        Long best = null;
        for (Map.Entry<Member, Frame.Check> vote : ballot.votes.entrySet()) {
            if (electors.contains(vote.getKey())) {
                counts.merge(vote.getValue().hash(), 1, Integer::sum);
            }
        }
        for (Map.Entry<Member, Frame.Check> vote : ballot.votes.entrySet()) {
            long hash = vote.getValue().hash();
            int count = counts.getOrDefault(hash, 0);
            // Of as many, the one that comes first has the lowest node.
            if (count > 0 && (best == null || count > counts.getOrDefault(best, 0))) {
                best = hash;
            }
        }
        boolean isMost = best != null && 2 * counts.getOrDefault(best, 0) > electors.size();
        return isMost || ballot.votes.keySet().containsAll(electors) ? best : null;
    }

    private Optional<Divergence> judge(Ballot ballot, long right, Frame.@Nullable Check own) {
        List<Frame.Check> equal = new ArrayList<>();
        ballot.votes.forEach((member, vote) -> {
            if (vote.hash() == right) {
                equal.add(vote);
            } else {
                odd.add(member);
            }
        });
        if (own == null || equal.isEmpty()) {
            return Optional.empty();
        }
        if (own.hash() == right) {
            agreedIndex = Math.max(agreedIndex, own.index());
            return Optional.empty();
        }
        return Optional.of(difference(own, equal));
    }

    private static Divergence difference(Frame.Check own, List<Frame.Check> equal) {
        Frame.Check other = equal.get(0);
        int common = Math.min(own.before().length, other.before().length);
        int first = common;
        for (int back = common; back > 0; back--) {
            if (own.before()[own.before().length - back] != other.before()[other.before().length - back]) {
                first = common - back;
                break;
            }
        }
        return new Divergence(
                own.index() - common + first,
                Optional.empty(),
                first > 0,
                equal.stream().map(vote -> vote.member().node()).toList());
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Member;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How the members of one configuration find what was decided before it, and who of them knows it. One thread.
 *
 * <p>Whatever was decided is known to a majority of the replicas, and a replica says what it knows after it has left the
 * configuration in which it learned it. So the furthest log among a majority has everything that is decided, and nothing more
 * can be decided elsewhere. A replica that began anew has forgotten, and does not count for this majority.
 */
final class Round {

    private static final Comparator<Frame.Exchange> FURTHEST = Comparator.comparing(
                    (Frame.Exchange exchange) -> exchange.epoch().orElseThrow())
            .thenComparingLong(exchange -> exchange.total().index())
            .thenComparing(exchange -> exchange.member().node(), Comparator.reverseOrder());

    /** Where every part decides, no epoch is more worth than another. */
    private static final Comparator<Frame.Exchange> LONGEST = Comparator.comparingLong(
                    (Frame.Exchange exchange) -> exchange.total().index())
            .thenComparing(FURTHEST);

    private final RingId ring;
    private final List<NodeId> nodes;
    private final Map<NodeId, Frame.Exchange> exchanges = new TreeMap<>();
    private final Map<NodeId, Member> inState = new TreeMap<>();
    private final Set<Member> gone = new HashSet<>();
    private boolean isAdopted;

    Round(RingId ring, List<NodeId> nodes) {
        this.ring = ring;
        this.nodes = nodes;
    }

    RingId ring() {
        return ring;
    }

    void exchanged(Frame.Exchange exchange) {
        if (!gone.contains(exchange.member())) {
            exchanges.put(exchange.member().node(), exchange);
        }
    }

    /** It closes: whatever others say of it still, it takes part no more. */
    void left(Member member) {
        gone.add(member);
        Frame.Exchange known = exchanges.get(member.node());
        if (known != null && known.member().equals(member)) {
            exchanges.remove(member.node());
        }
        inState.remove(member.node(), member);
    }

    /** It has the state no more, and wants it again. */
    void fell(Member member) {
        exchanges.remove(member.node());
        inState.remove(member.node(), member);
    }

    boolean isLowest(NodeId self) {
        return exchanges.keySet().stream().findFirst().filter(self::equals).isPresent();
    }

    boolean isEverybodyHeard() {
        return exchanges.keySet().containsAll(nodes);
    }

    /** Of these nodes, those that have said nothing. */
    List<NodeId> silent(Collection<NodeId> present) {
        return present.stream().filter(node -> !exchanges.containsKey(node)).toList();
    }

    List<NodeId> heard() {
        return List.copyOf(exchanges.keySet());
    }

    /**
     * What this configuration can go on with, if those heard so far know enough. An empty state begins, and parts without a quorum meet,
     * only if all were heard that are waited for.
     *
     * @param awaited nodes that have a replica and are not given up
     */
    Optional<Frame.Adopt> proposal(Settings settings, Collection<NodeId> awaited) {
        List<Frame.Exchange> knowing = exchanges.values().stream()
                .filter(exchange -> exchange.epoch().isPresent())
                .toList();
        boolean isKnown = settings.mayDecide(
                knowing.stream().map(exchange -> exchange.member().node()).toList());
        if (!isKnown && exchanges.size() < settings.expect()) {
            return Optional.empty();
        }
        if ((knowing.isEmpty() || settings.quorum().isNone())
                && !silent(awaited).isEmpty()) {
            return Optional.empty();
        }
        Optional<Frame.Exchange> furthest =
                knowing.stream().max(settings.quorum().isNone() ? LONGEST : FURTHEST);
        LogPoint total = furthest.map(Frame.Exchange::total).orElseGet(() -> LogPoint.beginning(ring));
        List<Member> same = (furthest.isPresent() ? knowing : exchanges.values())
                .stream()
                        .filter(exchange ->
                                furthest.isEmpty() || exchange.total().isSame(total))
                        .map(Frame.Exchange::member)
                        .toList();
        return Optional.of(new Frame.Adopt(ring, furthest.isEmpty(), total, same, nodes, apart(settings, total)));
    }

    /** States of other parts, each handed over by the lowest that has it. */
    private List<Frame.Parted> apart(Settings settings, LogPoint total) {
        Map<LogPoint, Member> parts = new LinkedHashMap<>();
        for (Frame.Exchange exchange : settings.isMerging() ? exchanges.values() : List.<Frame.Exchange>of()) {
            if (exchange.epoch().isPresent() && !exchange.total().isSame(total)) {
                parts.putIfAbsent(exchange.total(), exchange.member());
            }
            exchange.apart().forEach(part -> parts.putIfAbsent(part, exchange.member()));
        }
        List<Frame.Parted> apart = new ArrayList<>();
        parts.forEach((part, by) -> apart.add(new Frame.Parted(part, by)));
        return apart;
    }

    boolean isAdopted() {
        return isAdopted;
    }

    /** From here on it is known who has the state. */
    void adopted(Collection<Member> members) {
        isAdopted = true;
        inState.clear();
        members.forEach(this::entered);
    }

    void entered(Member member) {
        if (!gone.contains(member)) {
            inState.put(member.node(), member);
        }
    }

    /** Somebody says that he is there: another life of a node that had the state has not. */
    void heard(Member member) {
        Member known = inState.get(member.node());
        if (known != null && !known.equals(member)) {
            inState.remove(member.node());
        }
    }

    boolean isInState(Member member) {
        return member.equals(inState.get(member.node()));
    }

    List<Member> inState() {
        return List.copyOf(inState.values());
    }

    List<NodeId> nodesInState() {
        return List.copyOf(inState.keySet());
    }

    /** Whether it is this node that hands the state to others. */
    boolean isDonor(NodeId self) {
        return inState.keySet().stream().findFirst().filter(self::equals).isPresent();
    }

    /** Those that are there without the state. */
    List<Frame.Exchange> behind() {
        List<Frame.Exchange> behind = new ArrayList<>(exchanges.values());
        behind.removeIf(exchange -> isInState(exchange.member()));
        return behind;
    }
}

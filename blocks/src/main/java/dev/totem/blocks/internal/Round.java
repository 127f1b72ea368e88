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
import java.util.TreeSet;

/**
 * How the members of one configuration find what was decided before it, and who of them knows it. One thread.
 *
 * <p>Whatever was decided is known to a majority of the replicas, and a replica says what it knows after it has left the
 * configuration in which it learned it. So the furthest log among a majority has everything that is decided, and nothing more
 * can be decided elsewhere. A replica that began anew has forgotten, and does not count for this majority. Replicas at one node
 * count as one, and only together.
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
    private final Map<Member, Frame.Exchange> exchanges = new TreeMap<>();
    private final Set<Member> inState = new TreeSet<>();
    private final Set<Member> gone = new HashSet<>();
    private final Set<Member> newcomers = new HashSet<>();
    private Set<Member> present;
    private boolean isAdopted;

    /** @param present who has a replica at the beginning */
    Round(RingId ring, List<NodeId> nodes, Set<Member> present) {
        this.ring = ring;
        this.nodes = nodes;
        this.present = present;
    }

    RingId ring() {
        return ring;
    }

    /** From here on these have a replica: whoever is not among them is gone, whatever others say of it still. */
    void attended(Attendance now) {
        present = now.members();
        newcomers.addAll(now.joined());
        exchanges.keySet().retainAll(present);
        inState.retainAll(present);
    }

    /** Who has a replica. */
    Set<Member> present() {
        return present;
    }

    /** Whether what is said counts here as an entry: what others of its kind are told of another configuration does not. */
    boolean concerns(Frame frame) {
        return !(frame instanceof Frame.Adopt)
                && !(frame instanceof Frame.Passing passing && !passing.ring().equals(ring));
    }

    private boolean takesPart(Member member) {
        return present.contains(member) && !gone.contains(member);
    }

    void exchanged(Frame.Exchange exchange) {
        if (takesPart(exchange.member())) {
            exchanges.put(exchange.member(), exchange);
        }
    }

    /** It closes: whatever others say of it still, it takes part no more. */
    void left(Member member) {
        gone.add(member);
        fell(member);
    }

    /** It has the state no more, and wants it again. */
    void fell(Member member) {
        exchanges.remove(member);
        inState.remove(member);
    }

    boolean isLowest(Member self) {
        return exchanges.keySet().stream().findFirst().filter(self::equals).isPresent();
    }

    /** Also those nodes that have no replica yet. */
    boolean isEverybodyHeard() {
        return nodesOf(exchanges.keySet()).containsAll(nodes) && silent(present).isEmpty();
    }

    /** Of these, those that have said nothing. */
    Set<Member> silent(Collection<Member> members) {
        Set<Member> silent = new TreeSet<>(members);
        silent.removeAll(exchanges.keySet());
        silent.removeAll(gone);
        return silent;
    }

    /** Nodes whose replicas have all said what they know. */
    List<NodeId> heard() {
        return nodesWithout(exchanges.keySet(), silent(present));
    }

    static List<NodeId> nodesOf(Collection<Member> members) {
        return members.stream().map(Member::node).distinct().sorted().toList();
    }

    private static List<NodeId> nodesWithout(Collection<Member> members, Collection<Member> others) {
        List<NodeId> excepted = nodesOf(others);
        return nodesOf(members).stream()
                .filter(node -> !excepted.contains(node))
                .toList();
    }

    /**
     * What this configuration can go on with, if those heard so far know enough. An empty state begins, and parts without a quorum meet,
     * only if all were heard that are waited for.
     *
     * @param awaited who has a replica and is not given up
     */
    Optional<Frame.Adopt> proposal(Settings settings, Collection<Member> awaited) {
        List<Frame.Exchange> knowing = exchanges.values().stream()
                .filter(exchange -> exchange.epoch().isPresent())
                .toList();
        boolean isKnown = settings.mayDecide(
                nodesOf(knowing.stream().map(Frame.Exchange::member).toList()));
        if (!isKnown && heard().size() < settings.expect()) {
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

    /** Said while this member gets the state: who could hand it over. */
    void overheard(Frame frame) {
        if (frame instanceof Frame.InState inState && inState.ring().equals(ring)) {
            entered(inState.member());
        } else if (frame instanceof Frame.Exchange exchange && exchange.ring().equals(ring)) {
            exchanged(exchange);
        } else if (frame instanceof Frame.Leave leave) {
            left(leave.member());
        }
    }

    /** From here on it is known who has the state. */
    void adopted(Collection<Member> members) {
        isAdopted = true;
        inState.clear();
        members.forEach(this::entered);
    }

    void entered(Member member) {
        if (takesPart(member)) {
            inState.add(member);
        }
    }

    boolean isInState(Member member) {
        return inState.contains(member);
    }

    List<Member> inState() {
        return List.copyOf(inState);
    }

    List<NodeId> nodesInState() {
        return nodesOf(inState);
    }

    /**
     * Nodes that know what is decided now, whichever of their replicas is asked later: all have the state, but for those that came in
     * this configuration, which know nothing.
     */
    List<NodeId> nodesDeciding() {
        Set<Member> behind = new HashSet<>(present);
        behind.removeAll(inState);
        behind.removeAll(newcomers);
        behind.removeAll(gone);
        return nodesWithout(inState, behind);
    }

    /** Whether it is this member that hands the state to others. */
    boolean isDonor(Member self) {
        return inState.stream().findFirst().filter(self::equals).isPresent();
    }

    /** Throws if nobody has the state who could hand it to this member, which has it not. */
    void requireDonorOf(Member self) {
        if (inState.isEmpty()
                && (isAdopted
                        || present.stream().filter(other -> !other.equals(self)).allMatch(this::hasNothing))) {
            throw new IllegalStateException("nobody is left who has the state; open it again");
        }
    }

    private boolean hasNothing(Member other) {
        Frame.Exchange said = exchanges.get(other);
        return gone.contains(other) || (said != null && said.epoch().isEmpty());
    }

    /** Those that are there without the state. */
    List<Frame.Exchange> behind() {
        List<Frame.Exchange> behind = new ArrayList<>(exchanges.values());
        behind.removeIf(exchange -> isInState(exchange.member()));
        return behind;
    }
}

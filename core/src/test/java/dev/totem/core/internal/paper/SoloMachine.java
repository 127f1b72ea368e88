/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.paper;

import static dev.totem.core.internal.paper.Crafted.entry;
import static dev.totem.core.internal.paper.Crafted.ids;
import static dev.totem.core.internal.paper.Crafted.join;
import static dev.totem.core.internal.paper.Crafted.origin;
import static dev.totem.core.internal.paper.Crafted.packet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.CommitEntry;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.packing.Packet;
import dev.totem.core.internal.packing.PacketSource;
import dev.totem.core.internal.paper.Crafted.TokenDraft;
import dev.totem.core.internal.protocol.DropReason;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.Input;
import dev.totem.core.internal.protocol.RingCounter;
import dev.totem.core.internal.protocol.RingMachine;
import dev.totem.core.internal.protocol.RingObserver;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;

/** One machine; the test plays everybody else, who has received everything unless it says otherwise. */
final class SoloMachine implements PacketSource, RingObserver {

    final NodeId id;
    final RingMachine machine;
    /** What it did since {@link #clear()}. */
    final List<Effect> effects = new ArrayList<>();
    /** What the application saw: configuration changes, of which the papers give no causes, and texts, in order. */
    final List<Object> log = new ArrayList<>();
    /** What it ignored since {@link #clear()}. */
    final List<DropReason> drops = new ArrayList<>();

    final Map<RingCounter, Integer> counts = new EnumMap<>(RingCounter.class);
    final ArrayDeque<Packet> queue = new ArrayDeque<>();
    /** Why it went into its present phase. */
    String entered = "";

    long now = 1_000_000_000L;
    long ringSeq;
    private List<NodeId> members = List.of();
    private RingId ring = Crafted.ring(1, 1);
    private Optional<RegularToken> passed = Optional.empty();

    SoloMachine(int id, NodeSettings config) {
        this.id = NodeId.of(id);
        machine = new RingMachine(origin(id), config, this, new Random(1), this);
    }

    /** Started, and in Gather. */
    static SoloMachine started(int id) {
        return started(id, NodeSettings.defaults());
    }

    private static SoloMachine started(int id, NodeSettings config) {
        SoloMachine solo = new SoloMachine(id, config);
        solo.step(new Input.Start(0));
        return solo;
    }

    /** In Operational, in a ring of these. */
    static SoloMachine inRing(int id, int... members) {
        return inRing(NodeSettings.defaults(), id, members);
    }

    static SoloMachine inRing(NodeSettings config, int id, int... members) {
        SoloMachine solo = started(id, config);
        solo.form(members);
        solo.clear();
        return solo;
    }

    void step(Input input) {
        machine.step(now, input);
        for (Effect effect : machine.drain()) {
            effects.add(effect);
            if (effect instanceof Effect.Persist persist) {
                ringSeq = persist.ringSeq();
            } else if (effect instanceof Effect.Deliver deliver) {
                log.add(Crafted.text(deliver.message()));
            } else if (effect instanceof Effect.Install install) {
                log.add(install.change().withCauses(List.of()));
            } else if (effect instanceof Effect.Unicast unicast && unicast.message() instanceof RegularToken token) {
                passed = Optional.of(token);
            }
        }
    }

    void receive(ProtocolMessage message) {
        step(new Input.Received(message));
    }

    /** Lets time pass, with all that is due in it. */
    void pass(Duration time) {
        long end = now + time.toNanos();
        while (machine.nextDeadlineNanos() <= end) {
            now = Math.max(now, machine.nextDeadlineNanos());
            step(new Input.TimerDue());
        }
        now = end;
    }

    void send(String text, Guarantee guarantee) {
        queue.add(new Packet(guarantee, packet(text)));
        step(new Input.Submitted());
    }

    void clear() {
        effects.clear();
        drops.clear();
    }

    RingPhase phase() {
        return machine.phase();
    }

    /** The ring it belongs to or is forming. */
    RingId ring() {
        return ring;
    }

    List<ConfigChange> changes() {
        return log.stream()
                .filter(ConfigChange.class::isInstance)
                .map(ConfigChange.class::cast)
                .toList();
    }

    List<String> texts() {
        return log.stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    /** What of this kind it sent to everybody since {@link #clear()}. */
    <T extends ProtocolMessage> List<T> multicasts(Class<T> kind) {
        return effects.stream()
                .filter(Effect.Multicast.class::isInstance)
                .map(effect -> ((Effect.Multicast) effect).message())
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /** What of this kind it sent to one node since {@link #clear()}. */
    <T extends ProtocolMessage> List<T> unicasts(Class<T> kind) {
        return effects.stream()
                .filter(Effect.Unicast.class::isInstance)
                .map(effect -> ((Effect.Unicast) effect).message())
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    // how a ring is formed

    /** From Gather through all states to Operational; everybody else comes alone. */
    void form(int... together) {
        meet(ids(together), List.of());
        commit(alone());
        recover(alone());
        install();
    }

    /** In Gather: everybody proposes this membership, having given up on others. */
    void meet(List<NodeId> together, List<NodeId> failed) {
        members = together;
        List<NodeId> proc = new ArrayList<>(together);
        proc.addAll(failed);
        proc.sort(null);
        for (NodeId other : together) {
            if (!other.equals(id)) {
                receive(join(other.value(), proc, failed, ringSeq));
            }
        }
        passed = Optional.empty();
        ring = new RingId(together.get(0), ringSeq + (represents() ? 0 : RingId.STEP));
    }

    /** In Gather with consensus, or in Commit if it represents: the commit token comes for the first time. */
    void commit(List<CommitEntry> others) {
        if (!represents()) {
            receive(commitToken(position(), others.subList(0, position())));
        }
        assertThat(phase()).isEqualTo(RingPhase.COMMIT);
    }

    /** In Commit: the commit token comes for the second time and, to the representative, for the third. */
    void recover(List<CommitEntry> others) {
        List<CommitEntry> table = table(others);
        receive(commitToken(represents() ? members.size() : members.size() + position(), table));
        assertThat(phase()).isEqualTo(RingPhase.RECOVERY);
        if (represents()) {
            receive(commitToken(2 * members.size(), table));
        }
    }

    /** In Recovery: turns of the token until the ring is installed; nobody else has anything to send. */
    void install() {
        for (int visit = 0; visit < 10 && phase() == RingPhase.RECOVERY; visit++) {
            turn();
        }
        assertThat(phase()).isEqualTo(RingPhase.OPERATIONAL);
    }

    List<CommitEntry> alone() {
        return members.stream()
                .filter(member -> !member.equals(id))
                .map(member -> entry(member.value(), Crafted.ring(member.value(), 4), 0, 0, false))
                .toList();
    }

    CommitToken commitToken(int tokenSeq, List<CommitEntry> entries) {
        return new CommitToken(origin(predecessor().value()), ring, tokenSeq, members, entries);
    }

    /** The full table: what the others say, and what this machine said last. */
    List<CommitEntry> table(List<CommitEntry> others) {
        List<CommitEntry> table = new ArrayList<>(others);
        table.add(position(), ownEntry());
        return table;
    }

    /** What it said in the last commit token it passed on. */
    CommitEntry ownEntry() {
        List<CommitToken> tokens = unicasts(CommitToken.class);
        return tokens.get(tokens.size() - 1).entries().get(position());
    }

    private boolean represents() {
        return members.get(0).equals(id);
    }

    private int position() {
        return members.indexOf(id);
    }

    private NodeId predecessor() {
        return members.get((position() + members.size() - 1) % members.size());
    }

    // how the token turns

    RegularToken turn() {
        return turn(UnaryOperator.identity());
    }

    /** The token comes round; the others have everything and nothing to send, or did what the test says. */
    RegularToken turn(UnaryOperator<TokenDraft> others) {
        receive(others.apply(nextToken()).token());
        return lastPassed();
    }

    /** The token as it would come next. */
    TokenDraft nextToken() {
        int from = predecessor().value();
        if (passed.isEmpty()) {
            return new TokenDraft(RegularToken.first(origin(from), ring, false)).hop(position());
        }
        RegularToken last = passed.get();
        TokenDraft next = new TokenDraft(last).from(from).hop(last.tokenSeq() + members.size() - 1);
        return last.aruOwner().filter(id::equals).isPresent() ? next : next.aru(last.seq(), 0);
    }

    RegularToken lastPassed() {
        return passed.orElseThrow();
    }

    @Override
    public int backlog() {
        return queue.size();
    }

    @Override
    public Optional<Packet> next() {
        return Optional.ofNullable(queue.poll());
    }

    @Override
    public void configurationInstalled() {}

    @Override
    public void entered(RingPhase phase, String reason) {
        entered = reason;
    }

    @Override
    public void dropped(DropReason reason) {
        drops.add(reason);
    }

    @Override
    public void counted(RingCounter counter, int times) {
        counts.merge(counter, times, Integer::sum);
    }
}

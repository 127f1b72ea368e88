/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Context;
import dev.totem.blocks.Member;
import dev.totem.core.NodeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the decided entries have made: the user's machine, who takes part, and the ordered time. All of it follows from the
 * entries. One thread.
 */
final class Applied {

    /** The answer to a command of somebody who does not take part: nothing was done. */
    static final Object STRANGER = new Object();

    private static final byte[] NO_EVIDENCE = {};

    /** The index at which a member went away; this while it is there. */
    private static final long PRESENT = 0;

    private final Machine<?, ?> machine;
    private final long tickMillis;
    private final TreeMap<Member, Long> sessions = new TreeMap<>();
    private final Set<Member> gone = new HashSet<>();
    private long timeMillis;
    private LogPoint at;
    private Trail trail;

    Applied(Machine<?, ?> machine, long tickMillis, LogPoint at) {
        this.machine = machine;
        this.tickMillis = tickMillis;
        this.at = at;
        this.trail = new Trail(at.index(), at.hash());
    }

    /** As another replica wrote it with {@link #core()}; the machine's chunks are to follow. */
    Applied(Machine<?, ?> machine, long tickMillis, LogPoint at, byte[] core) {
        this(machine, tickMillis, at);
        Reader in = new Reader(core);
        timeMillis = in.i64();
        int count = in.count(20);
        for (int i = 0; i < count; i++) {
            Member member = in.member();
            sessions.put(member, in.i64());
        }
        trail = new Trail(at.index(), in.i64());
    }

    byte[] core() {
        Writer out = new Writer().i64(timeMillis).i32(sessions.size());
        sessions.forEach((member, departed) -> out.member(member).i64(departed));
        return out.i64(trail.hash()).toBytes();
    }

    LogPoint at() {
        return at;
    }

    /** What the results were. */
    Trail trail() {
        return trail;
    }

    long timeMillis() {
        return timeMillis;
    }

    Machine<?, ?> machine() {
        return machine;
    }

    /** Who is away and not yet given up, each with the index at which it went. */
    Map<Member, Long> departed() {
        Map<Member, Long> departed = new TreeMap<>(sessions);
        departed.values().removeIf(index -> index == PRESENT);
        return departed;
    }

    boolean isPresent(Member member) {
        return sessions.getOrDefault(member, -1L) == PRESENT;
    }

    /** Applies the next entry. The answer is that of a command; empty for other entries. */
    Optional<Object> apply(Entry entry) {
        at = at.next(entry.position(), entry.sender(), entry.payload());
        Optional<Object> answer = answer(entry);
        trail.add(
                at,
                answer.filter(result -> result != STRANGER)
                        .map(machine::evidence)
                        .orElse(NO_EVIDENCE));
        return answer;
    }

    private Optional<Object> answer(Entry entry) {
        Frame frame = FrameCodec.decode(entry.payload());
        if (frame instanceof Frame.Command command) {
            Member sender = new Member(entry.sender(), command.instance());
            if (!isPresent(sender)) {
                return Optional.of(STRANGER);
            }
            advance(command.timeMillis());
            return Optional.of(machine.apply(context(entry, sender), command.bytes()));
        }
        if (frame instanceof Frame.Adopt adopt) {
            adopt(entry, adopt);
        } else if (frame instanceof Frame.InState inState) {
            enter(entry, inState.member());
        } else if (frame instanceof Frame.Leave leave) {
            gone.add(leave.member());
            end(entry, leave.member());
        } else if (frame instanceof Frame.Fence fence) {
            if (sessions.getOrDefault(fence.member(), PRESENT) == fence.departedIndex()) {
                end(entry, fence.member());
            }
        } else if (frame instanceof Frame.Tick tick) {
            advance(tick.timeMillis());
            machine.timePassed(context(entry, new Member(entry.sender(), 0)));
        }
        return Optional.empty();
    }

    /** Whoever left behind what the proposal was made of stays away. */
    private void adopt(Entry entry, Frame.Adopt adopt) {
        Set<NodeId> nodes = new HashSet<>(adopt.nodes());
        sessions.replaceAll(
                (member, departed) -> departed == PRESENT && !nodes.contains(member.node()) ? at.index() : departed);
        adopt.inState().stream().filter(member -> !gone.contains(member)).forEach(member -> enter(entry, member));
        gone.clear();
    }

    private void enter(Entry entry, Member member) {
        List<Member> before = new ArrayList<>(sessions.keySet());
        before.removeIf(other -> !other.node().equals(member.node()) || other.instance() == member.instance());
        before.forEach(other -> end(entry, other));
        if (sessions.put(member, PRESENT) == null) {
            machine.joined(context(entry, member), member);
        }
    }

    private void end(Entry entry, Member member) {
        if (sessions.remove(member) != null) {
            machine.ended(context(entry, member), member);
        }
    }

    /** A clock that is far ahead moves the time of all by a tick at most. */
    private void advance(long clockMillis) {
        long most = timeMillis == 0 ? clockMillis : timeMillis + tickMillis;
        timeMillis = Math.max(timeMillis, Math.min(clockMillis, most));
    }

    private Context context(Entry entry, Member sender) {
        return new Context(entry.position(), at.index(), sender, Instant.ofEpochMilli(timeMillis));
    }
}

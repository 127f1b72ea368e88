/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Context;
import dev.totem.blocks.Member;
import dev.totem.blocks.MergeReport;
import dev.totem.core.NodeId;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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

    private final Machine<?, ?, ?> machine;
    private final long tickMillis;
    private final TreeMap<Member, Long> sessions = new TreeMap<>();
    private final Set<Member> gone = new HashSet<>();
    private long timeMillis;
    private LogPoint at;
    private Trail trail;
    private Merges merges = new Merges();
    private Optional<MergeReport> merged = Optional.empty();

    Applied(Machine<?, ?, ?> machine, long tickMillis, LogPoint at) {
        this.machine = machine;
        this.tickMillis = tickMillis;
        this.at = at;
        this.trail = new Trail(at.index(), at.hash());
    }

    /** As another replica wrote it with {@link #core()}; the machine's chunks are to follow. */
    Applied(Machine<?, ?, ?> machine, long tickMillis, LogPoint at, byte[] core) {
        this(machine, tickMillis, at);
        Reader in = new Reader(core);
        timeMillis = in.i64();
        int count = in.count(20);
        for (int i = 0; i < count; i++) {
            Member member = in.member();
            sessions.put(member, in.i64());
        }
        trail = new Trail(at.index(), in.i64());
        if (in.bool() != machine.isMerging()) {
            throw new IllegalArgumentException(
                    "one node merges the states of parts and another does not: open the state"
                            + " with the same policy at all nodes");
        }
        merges = machine.isMerging() ? new Merges(in) : merges;
    }

    byte[] core() {
        Writer out = new Writer().i64(timeMillis).i32(sessions.size());
        sessions.forEach((member, departed) -> out.member(member).i64(departed));
        out.i64(trail.hash()).bool(machine.isMerging());
        if (machine.isMerging()) {
            merges.write(out);
        }
        return out.toBytes();
    }

    LogPoint at() {
        return at;
    }

    /** What the results were. */
    Trail trail() {
        return trail;
    }

    Merges merges() {
        return merges;
    }

    /** What the last entry has merged. */
    Optional<MergeReport> merged() {
        return merged;
    }

    long timeMillis() {
        return timeMillis;
    }

    Machine<?, ?, ?> machine() {
        return machine;
    }

    /** Who is away and not yet given up, each with the index at which it went. */
    Map<Member, Long> departed() {
        Map<Member, Long> departed = new TreeMap<>(sessions);
        departed.values().removeIf(index -> index == PRESENT);
        return departed;
    }

    /** Who takes part. */
    Set<Member> present() {
        Set<Member> present = new TreeSet<>(sessions.keySet());
        present.removeIf(member -> !isPresent(member));
        return present;
    }

    boolean isPresent(Member member) {
        return sessions.getOrDefault(member, -1L) == PRESENT;
    }

    /** Applies the next entry. The answer is that of a command; empty for other entries. */
    Optional<Object> apply(Entry entry) {
        at = at.next(entry.position(), entry.sender(), entry.payload());
        merged = Optional.empty();
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
            if (machine.isMerging()) {
                merges.applied(entry);
            }
            return Optional.of(machine.apply(context(entry, sender), command.bytes()));
        }
        if (frame instanceof Frame.Adopt adopt) {
            adopt(entry, adopt);
        } else if (frame instanceof Frame.InState inState) {
            enter(entry, inState.member());
        } else if (frame instanceof Frame.Gone away) {
            sessions.computeIfPresent(away.member(), (member, departed) -> departed == PRESENT ? at.index() : departed);
        } else if (frame instanceof Frame.Leave leave) {
            gone.add(leave.member());
            end(entry, leave.member());
        } else if (frame instanceof Frame.Fence fence) {
            if (sessions.getOrDefault(fence.member(), PRESENT) == fence.departedIndex()) {
                end(entry, fence.member());
            }
        } else if (frame instanceof Frame.Merge merge) {
            merge(entry, merge);
        } else if (frame instanceof Frame.Tick tick) {
            advance(tick.timeMillis());
            machine.timePassed(context(entry, new Member(entry.sender(), 0)));
        }
        return Optional.empty();
    }

    /** Whoever left behind what the proposal was made of stays away. */
    private void adopt(Entry entry, Frame.Adopt adopt) {
        merges.adopted(adopt.ring());
        Set<NodeId> nodes = new HashSet<>(adopt.nodes());
        sessions.replaceAll(
                (member, departed) -> departed == PRESENT && !nodes.contains(member.node()) ? at.index() : departed);
        adopt.inState().stream().filter(member -> !gone.contains(member)).forEach(member -> enter(entry, member));
        gone.clear();
    }

    private void enter(Entry entry, Member member) {
        if (sessions.put(member, PRESENT) == null) {
            machine.joined(context(entry, member), member);
        }
    }

    private void end(Entry entry, Member member) {
        if (sessions.remove(member) != null) {
            machine.ended(context(entry, member), member);
        }
    }

    /** With the last piece of the state of another part. */
    private void merge(Entry entry, Frame.Merge merge) {
        List<Frame.Merge> pieces = merges.take(merge);
        if (!pieces.isEmpty()) {
            timeMillis = Math.max(timeMillis, merge.timeMillis());
            Member from = sessions.keySet().stream()
                    .filter(member -> member.node().equals(entry.sender()))
                    .findFirst()
                    .orElse(new Member(entry.sender(), 0));
            machine.merge(
                    context(entry, from),
                    pieces.stream()
                            .map(Frame.Merge::chunk)
                            .filter(chunk -> chunk.length > 0)
                            .toList());
            merged = Optional.of(new MergeReport(entry.position(), at.index(), from, merge.commands()));
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

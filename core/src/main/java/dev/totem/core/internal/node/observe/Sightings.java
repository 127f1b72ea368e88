/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import static dev.totem.core.NodeHealth.Code.CLUSTER_DIFFERS;
import static dev.totem.core.NodeHealth.Code.ID_TAKEN;
import static dev.totem.core.NodeHealth.Code.KEY_DIFFERS;
import static dev.totem.core.NodeHealth.Code.KEY_LACKING;
import static dev.totem.core.NodeHealth.Code.NOT_HEARD;
import static dev.totem.core.NodeHealth.Code.NOT_PROVEN_HERE;
import static dev.totem.core.NodeHealth.Code.PEER_UNLISTED;
import static dev.totem.core.NodeHealth.Code.SETTINGS_DIFFER;
import static dev.totem.core.NodeHealth.Code.SMALL_ONLY;
import static dev.totem.core.NodeHealth.Code.SUITE_DIFFERS;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeHealth.Code;
import dev.totem.core.NodeHealth.Reason;
import dev.totem.core.NodeId;
import dev.totem.core.internal.membership.SettingDifference;
import dev.totem.core.internal.membership.SharedSetting;
import dev.totem.core.internal.protocol.RingCounter;
import dev.totem.core.internal.protocol.RingObserver;
import dev.totem.core.spi.SealHeader;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of late that may keep this node out of a ring, in words: for its health for a while, and for its log once, if
 * nothing else says it there. Written by the loop only, read by any thread.
 */
public final class Sightings implements RingObserver {

    /** What was seen once is told for this long. */
    public static final Duration MEMORY = Duration.ofSeconds(10);

    /** Words are made so often at most, whatever a flood brings. */
    private static final long WORDS_NANOS = 100_000_000;

    private static final long SAID_NANOS = 600_000_000_000L;

    private static final long NEVER = Long.MIN_VALUE;

    private static final List<Code> ALL = List.of(
            ID_TAKEN,
            PEER_UNLISTED,
            KEY_DIFFERS,
            KEY_LACKING,
            SUITE_DIFFERS,
            CLUSTER_DIFFERS,
            NOT_PROVEN_HERE,
            NOT_HEARD,
            SMALL_ONLY,
            SETTINGS_DIFFER);

    /** What is harmless to who is in a ring with others. */
    private static final List<Code> SAID_IF_ALONE = List.of(CLUSTER_DIFFERS, NOT_PROVEN_HERE, NOT_HEARD);

    private final Ours ours;
    private final LongSupplier nowNanos;
    private final Consumer<Reason> log;
    private final long patienceNanos;
    private final LongFrames longFrames;
    private final Map<Code, Cell> cells = new EnumMap<>(Code.class);
    private List<NodeId> members = List.of();
    private boolean isAlone = true;
    private long aloneNanos;

    /** How this node is set up. */
    public record Ours(NodeId self, String cluster, String suite, Duration consensus, int frameBytesMax) {}

    /** What was seen last of a kind, and when that began. */
    private record Sighting(long firstNanos, long atNanos, String words) {}

    private static final class Cell {
        volatile @Nullable Sighting last;
        long saidNanos = NEVER;
    }

    /** @param log is told what no other line tells */
    public Sightings(Ours ours, LongSupplier nowNanos, Consumer<Reason> log) {
        this.ours = ours;
        this.nowNanos = nowNanos;
        this.log = log;
        patienceNanos = ours.consensus().toNanos() / 2;
        longFrames = new LongFrames(ours.frameBytesMax(), patienceNanos);
        aloneNanos = nowNanos.getAsLong();
        ALL.forEach(code -> cells.put(code, new Cell()));
    }

    @Override
    public void installed(ConfigChange change) {
        if (!change.isRegular()) {
            return;
        }
        members = change.members();
        boolean isNowAlone = change.members().size() == 1;
        if (isNowAlone && !isAlone) {
            aloneNanos = nowNanos.getAsLong();
        } else if (!isNowAlone) {
            SAID_IF_ALONE.forEach(code -> cell(code).saidNanos = NEVER);
        }
        isAlone = isNowAlone;
    }

    @Override
    public void counted(RingCounter counter, int times) {
        if (counter == RingCounter.MESSAGES_DELIVERED) {
            longFrames.delivered();
        } else if (counter == RingCounter.RETRANSMITS_REQUESTED) {
            longFrames
                    .visited(times, nowNanos.getAsLong())
                    .ifPresent(longest -> saw(
                            SMALL_ONLY,
                            () -> "frames stay missing, and of those that came meanwhile none had more than " + longest
                                    + " bytes; here they may have " + ours.frameBytesMax()));
        }
    }

    @Override
    public void duplicateId(NodeId id) {
        saw(ID_TAKEN, () -> "another process with the id " + id + " is heard");
    }

    @Override
    public void differs(SettingDifference difference) {
        SharedSetting setting = difference.setting();
        saw(
                SETTINGS_DIFFER,
                () -> "setting " + setting.settingName() + " is " + setting.text(difference.ours()) + " here and "
                        + setting.text(difference.theirs()) + " at node " + difference.node());
    }

    @Override
    public void unheard(NodeId node) {
        saw(NOT_HEARD, () -> "node " + node + " is heard, and does not hear this node");
    }

    /**
     * The link has refused frames because of where they came from.
     *
     * @param listed who is known to be there
     */
    public void misplaced(NodeId claimed, SocketAddress source, Optional<NodeId> listed) {
        if (claimed.equals(ours.self())) {
            saw(
                    ID_TAKEN,
                    () -> "another process with the id " + claimed + " speaks from " + text(source)
                            + there(listed, ""));
        } else if (members.contains(claimed)) {
            saw(
                    ID_TAKEN,
                    () -> "node " + claimed + " is a member, and another process with its id speaks from "
                            + text(source) + there(listed, ""));
        } else {
            saw(
                    PEER_UNLISTED,
                    () -> "node " + claimed + " speaks from " + text(source)
                            + there(listed, ", where no peer is listed"));
        }
    }

    private static String there(Optional<NodeId> listed, String nobody) {
        return listed.map(node -> ", where node " + node + " is listed").orElse(nobody);
    }

    private static String text(SocketAddress source) {
        String text = source.toString();
        return text.startsWith("/") ? text.substring(1) : text;
    }

    void refused(RefusedFrame frame) {
        switch (frame.reason()) {
            case NOT_AUTHENTIC -> saw(KEY_DIFFERS, () -> "the last as of " + frame.origin());
            case OTHER_KEY -> saw(KEY_LACKING, () -> "the last with key " + frame.key() + ", as of " + frame.origin());
            case OTHER_SUITE ->
                saw(
                        SUITE_DIFFERS,
                        () -> "the last with " + frame.suite() + ", ours is " + ours.suite() + ", as of "
                                + frame.origin());
            case OTHER_CLUSTER ->
                saw(
                        CLUSTER_DIFFERS,
                        () -> "the last with the tag " + frame.cluster() + ", ours is " + ours.cluster() + " with "
                                + RefusedFrame.hex(SealHeader.clusterTag(ours.cluster())) + ", as of "
                                + frame.origin());
            case UNPROVEN -> saw(NOT_PROVEN_HERE, () -> "the last as of " + frame.origin());
            case MALFORMED, OTHER_RECEIVER, REPLAYED, COPIED, OVER_LIMIT -> {}
        }
    }

    /** A frame of so many bytes has opened. */
    public void read(int bytes) {
        longFrames.read(bytes);
    }

    private void saw(Code code, Supplier<String> words) {
        Cell cell = cell(code);
        Sighting before = cell.last;
        long now = nowNanos.getAsLong();
        if (before != null && now - before.atNanos() < WORDS_NANOS) {
            return;
        }
        long first = before != null && now - before.atNanos() <= MEMORY.toNanos() ? before.firstNanos() : now;
        Sighting sighting = new Sighting(first, now, words.get());
        cell.last = sighting;
        if (isToBeSaid(code, cell, sighting)) {
            cell.saidNanos = now;
            log.accept(new Reason(code, sighting.words()));
        }
    }

    /** Who starts, or whose ring changes, sees some of it for a moment. */
    private boolean isToBeSaid(Code code, Cell cell, Sighting sighting) {
        long now = sighting.atNanos();
        boolean isDue = code == SMALL_ONLY
                || (SAID_IF_ALONE.contains(code)
                        && isAlone
                        && now - Math.max(sighting.firstNanos(), aloneNanos) >= patienceNanos);
        return isDue && (cell.saidNanos == NEVER || now - cell.saidNanos >= SAID_NANOS);
    }

    private Cell cell(Code code) {
        Cell cell = cells.get(code);
        if (cell == null) {
            throw new IllegalArgumentException("nothing is seen of " + code);
        }
        return cell;
    }

    /** Any thread: what was seen last of a kind, in words, however long ago; empty if nothing was. */
    Optional<String> words(Code code) {
        return Optional.ofNullable(cell(code).last).map(Sighting::words);
    }

    /** Any thread: all that was seen of late. */
    Stream<Reason> reasons(long now) {
        return ALL.stream()
                .flatMap(code -> Optional.ofNullable(cell(code).last)
                        .filter(last -> now - last.atNanos() <= MEMORY.toNanos())
                        .map(last -> new Reason(
                                code,
                                last.words() + "; seen " + Math.max(0, now - last.atNanos()) / 1_000_000 + " ms ago"))
                        .stream());
    }
}

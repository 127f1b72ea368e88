/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All settings of a node, one declaration each; everything that names settings is made from here: the command line, the
 * table in the docs, the messages. Any thread.
 *
 * <p>What is not set follows what is: the timers follow {@link #TOKEN}, the limits of a visit follow {@link #WINDOW_SIZE}.
 */
public final class Settings {

    private static final List<Setting<?>> ALL = new ArrayList<>();

    private static final SettingType<Duration> TIME = new SettingType.Time();
    private static final Duration TIMER_MOST = Duration.ofDays(2);

    /** As good as for ever, and far from where a clock in nanoseconds overflows. */
    private static final Duration WAIT_MOST = Duration.ofDays(365);

    private static final Duration MILLI = Duration.ofMillis(1);

    /** No node's window is larger, frames. */
    static final int WINDOW_SIZE_MOST = 65_536;

    /** No node sends a message with a larger payload, bytes. */
    static final int MESSAGE_BYTES_MOST = 64 << 20;

    private static final int MEMORY_LEAST = 1 << 20;
    private static final int MEMORY_MOST_UNASKED = 128 << 20;

    public static final Setting<String> CLUSTER_NAME = add(
            new Setting<>(
                    "cluster-name",
                    new SettingType.Text(),
                    "",
                    "\uffff",
                    "totem",
                    config -> "totem",
                    "The name of the cluster, 1 to 64 characters. Nodes of other clusters are not heard, whatever their addresses."));

    public static final Setting<String> QUORUM = add(new Setting<>(
            "quorum",
            new SettingType.Text(),
            "",
            "\uffff",
            "none",
            config -> "none",
            "Which part of a partitioned network may decide, the same at all nodes: none (every part), majority:N of N nodes,"
                    + " majority:ID,ID,... of these, or weighted:ID=VOTES,...; behind them +tie:ID decides at exactly half, and"
                    + " +expect:N waits until N nodes were members together."));

    // --- timers: PROTOCOL.md 5 ---

    public static final Setting<Duration> TOKEN = time(
            "token",
            Duration.ofMillis(30),
            "1s",
            config -> Duration.ofSeconds(1),
            "Time without a new token after which the ring is given up. Too low: pauses of the JVM break the ring; too"
                    + " high: a crash is noticed late.");

    public static final Setting<Duration> TOKEN_RETRANSMIT = time(
            "token-retransmit",
            MILLI,
            "token / 4.2",
            config -> part(config.get(TOKEN), 10, 42),
            "Longest time after which an unacknowledged token is sent again, less than token; the first copies go out"
                    + " sooner, following the measured rotation. Too high: a lost token stalls an idle ring, where"
                    + " three or four copies fit into token; where a tenth of the packets is lost, 60ms, or the ring"
                    + " re-forms now and then.");

    public static final Setting<Duration> HOLD = time(
            "hold",
            MILLI,
            "0.8 x token-retransmit",
            config -> part(config.get(TOKEN_RETRANSMIT), 8, 10),
            "How long the representative keeps the token of an idle ring, less than token-retransmit. Too low: an idle"
                    + " ring costs CPU; too high: SAFE and lost hold cancels wait.");

    public static final Setting<Duration> JOIN = time(
            "join",
            MILLI,
            "50ms, at most token / 8",
            config -> least(Duration.ofMillis(50), part(config.get(TOKEN), 1, 8)),
            "Period of Join messages while gathering. Too low: many datagrams while gathering; too high: slow agreement on a"
                    + " lossy link.");

    public static final Setting<Duration> SEND_JOIN = time(
            "send-join",
            Duration.ZERO,
            "0ms",
            config -> Duration.ZERO,
            "Longest random delay before each Join, less than consensus; above 16 candidates it is at least 0.3 ms per"
                    + " candidate. Too low: many datagrams when many nodes start at once; too high: slow agreement.");

    public static final Setting<Duration> CONSENSUS = time(
            "consensus",
            MILLI,
            "1.2 x token",
            config -> part(config.get(TOKEN), 12, 10),
            "Time after which silent processors are given up, at least join. Too low: paused members are split off; too"
                    + " high: a crash costs more.");

    public static final Setting<Duration> MERGE = time(
            "merge",
            MILLI,
            "200ms, at most token / 4",
            config -> least(Duration.ofMillis(200), part(config.get(TOKEN), 1, 4)),
            "Idle time before the representative announces its ring to others. Too low: datagrams on an idle ring; too high:"
                    + " idle rings merge late.");

    public static final Setting<Integer> FAIL_RECV_CONST = count(
            "fail-recv-const",
            "visits",
            1,
            Integer.MAX_VALUE,
            2_500,
            "Token visits without progress of a member's aru before it is excluded, which takes at least one token"
                    + " timeout as well. Too low: members under load are excluded; too high: a deaf member holds the"
                    + " ring back.");

    public static final Setting<Integer> SEQNO_UNCHANGED_CONST = count(
            "seqno-unchanged-const",
            "visits",
            3,
            Integer.MAX_VALUE,
            30,
            "Token visits without a new message before an idle ring is held; SAFE needs two. Too low: hold and wake alternate;"
                    + " too high: an idle ring costs CPU for longer.");

    // --- flow: PROTOCOL.md 4.6 ---

    public static final Setting<Integer> WINDOW_SIZE = count(
            "window-size",
            "frames",
            1,
            WINDOW_SIZE_MOST,
            1_024,
            "Frames per rotation of the whole ring. Frames of up to 4,094 bytes are counted; where a link's frames are"
                    + " longer (loopback: 65,504), they count for as many, here and in the other limits that count"
                    + " frames; these are up to four times less where the receive buffer granted holds less than a"
                    + " window, and up to sixteen times where a quarter of memory holds less than four. Too low: throughput is bound by the rotation; too high: receive buffers"
                    + " overflow and frames are sent twice.");

    public static final Setting<Integer> MAX_MESSAGES = number(
            "max-messages",
            "frames",
            1,
            65_536,
            "384, at most window-size",
            config -> Math.min(384, config.get(WINDOW_SIZE)),
            "Frames per token visit, at most window-size; reached as rotations stay short. Too low: throughput is bound by the"
                    + " rotation; too high: one node delays the others.");

    public static final Setting<Integer> MISS_COUNT_CONST = count(
            "miss-count-const",
            "visits",
            1,
            16,
            2,
            "Token visits at which a message must be found missing before it is requested. At 2 it was announced a whole"
                    + " rotation ago. Too low: frames that are still under way are sent twice; too high: losses are"
                    + " repaired late. At least 2 with an accelerated window.");

    public static final Setting<Integer> ACCELERATED_WINDOW = number(
            "accelerated-window",
            "frames",
            0,
            65_536,
            "128, at most max-messages",
            config -> Math.min(128, config.get(MAX_MESSAGES)),
            "How many of the frames of a token visit may follow the token instead of going before it; 0 is the original"
                    + " ring. None does while a rotation has at most a thirty-second of window-size frames. All members"
                    + " should agree. Too low: members wait for each other's sending; too high: buffers of switches"
                    + " overflow, as the bursts of two members meet there.");

    public static final Setting<Integer> NETMTU = count(
            "netmtu",
            "bytes",
            0,
            65_535,
            0,
            "The largest IP packet to send, headers included, from 576; 0 takes what the interface carries, over loopback frames"
                    + " of 65,504 bytes. Nodes find out how much of it arrives, if that is at least 1,228 bytes (IPv6: 1,248)."
                    + " Too low: more frames for the same bytes.");

    public static final Setting<Integer> STORE_FRAMES = number(
            "store-frames",
            "frames",
            1,
            1 << 20,
            "16384, at least 4 windows",
            config -> Math.max(16_384, Integer.highestOneBit(config.get(WINDOW_SIZE) * 8 - 1)),
            "Frames kept for retransmission, a power of two, at least 4 x window-size; fewer where memory does not"
                    + " allow it.");

    // --- what may wait in this process ---

    public static final Setting<Integer> MEMORY = number(
            "memory",
            "bytes",
            MEMORY_LEAST,
            1 << 30,
            "128M, at most half of the heap",
            config -> memoryFitting(Runtime.getRuntime().maxMemory()),
            "What a node may hold of messages in all: a quarter for sends under way, a quarter for ordering and recovery,"
                    + " half for what waits for subscribers. One message may exceed its part, and one unfinished message"
                    + " of each member comes on top. More than half of the heap (-Xmx) is refused at the start; nodes of"
                    + " one process share its heap. Too low: the window closes often.");

    public static final Setting<Integer> MAX_MESSAGE_SIZE = count(
            "max-message-size",
            "bytes",
            1 << 10,
            MESSAGE_BYTES_MOST,
            1 << 20,
            "The largest payload. A ring takes the least of its members'. Too high: memory.");

    public static final Setting<Integer> SUBSCRIBER_EVENTS =
            count("subscriber-events", "events", 16, 1 << 24, 16_384, "Events that may wait for one subscriber.");

    public static final Setting<Integer> SUBSCRIBER_BYTES = number(
            "subscriber-bytes",
            "bytes",
            1 << 10,
            1 << 30,
            "16M, at most memory / 2",
            config -> Math.min(16 << 20, config.get(MEMORY) / 2),
            "Payload bytes that may wait for one subscriber, at most half of memory; one message may exceed it.");

    public static final Setting<Integer> SENDS_IN_FLIGHT =
            count("sends-in-flight", "messages", 1, 1 << 20, 4_096, "Messages of one sendAll under way at once.");

    public static final Setting<Integer> SEND_BYTES_IN_FLIGHT = count(
            "send-bytes-in-flight",
            "bytes",
            1 << 10,
            1 << 30,
            512 << 10,
            "Payload bytes of one sendAll under way at once, by the average of its last messages; four messages always"
                    + " may. A SAFE message counts a third, as it is under way for three rotations instead of one. Too"
                    + " low: a visit of the token finds less to send than it may; too high: messages wait behind each"
                    + " other, and leave the processor's caches.");

    public static final Setting<Duration> STALL_LIMIT = add(new Setting<>(
            "stall-limit",
            TIME,
            MILLI,
            WAIT_MOST,
            "10s",
            config -> Duration.ofSeconds(10),
            "How long a HOLD_BACK subscriber may hold the ring back without taking anything."));

    public static final Setting<Duration> CLOSE_LIMIT = add(new Setting<>(
            "close-limit",
            TIME,
            MILLI,
            WAIT_MOST,
            "4s",
            config -> Duration.ofSeconds(4),
            "How long a close waits for accepted sends to be ordered."));

    private static final Map<String, Setting<?>> BY_NAME =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Setting::name, Function.identity()));

    private Settings() {}

    /** All settings, in the order in which people are shown them. */
    public static List<Setting<?>> all() {
        return List.copyOf(ALL);
    }

    /** The one with this name, if there is one. */
    public static Optional<Setting<?>> named(String name) {
        requireNonNull(name, "name");
        return Optional.ofNullable(BY_NAME.get(name));
    }

    private static Setting<Duration> time(
            String name,
            Duration least,
            String defaultText,
            Function<TotemConfig, Duration> otherwise,
            String meaning) {
        return add(new Setting<>(name, TIME, least, TIMER_MOST, defaultText, otherwise, meaning));
    }

    private static Setting<Integer> count(
            String name, String unit, int least, int most, int otherwise, String meaning) {
        SettingType<Integer> type = new SettingType.Count(unit);
        return add(new Setting<>(name, type, least, most, type.format(otherwise), config -> otherwise, meaning));
    }

    private static Setting<Integer> number(
            String name,
            String unit,
            int least,
            int most,
            String defaultText,
            Function<TotemConfig, Integer> otherwise,
            String meaning) {
        return add(new Setting<>(name, new SettingType.Count(unit), least, most, defaultText, otherwise, meaning));
    }

    private static <T extends Comparable<? super T>> Setting<T> add(Setting<T> setting) {
        ALL.add(setting);
        return setting;
    }

    private static int memoryFitting(long heapBytes) {
        return (int) Math.max(MEMORY_LEAST, Math.min(MEMORY_MOST_UNASKED, heapBytes / 2));
    }

    private static Duration part(Duration whole, int times, int of) {
        return Duration.ofNanos(whole.toNanos() * times / of);
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All statistics of a node, one declaration each; everything that names statistics is made from here: {@link NodeStats}, the output
 * of the command, the meters, the table in the docs. Any thread.
 *
 * <p>A link may have others ({@link dev.totem.core.spi.DatagramLink#statistics()}).
 */
public final class Statistics {

    /** What the names of those begin with that count ignored messages of the protocol by reason. */
    public static final String DROPPED = "dropped-";

    /** What the names of those begin with that count frames that did not open, by reason. */
    public static final String REFUSED = "refused-";

    private static final Map<String, Statistic> ALL_BY_NAME = new TreeMap<>();
    private static final List<Statistic> ALL = new ArrayList<>();

    private static final String NUMBER = "";
    private static final String BYTES = "bytes";
    private static final String NANOSECONDS = "nanoseconds";

    // --- of RingStats ---

    public static final Statistic TOKENS = counter("tokens", NUMBER, "regular tokens accepted");
    public static final Statistic TOKENS_RESENT =
            counter("tokens-resent", NUMBER, "copies of a token sent because its successor was silent");
    public static final Statistic TOKENS_HELD = counter("tokens-held", NUMBER, "tokens kept because the ring was idle");
    public static final Statistic TOKENS_OVERRUN =
            counter("tokens-overrun", NUMBER, "tokens dropped because more came at once than are kept");
    public static final Statistic HOLDS_CANCELLED = counter("holds-cancelled", NUMBER, "hold cancels sent");
    public static final Statistic ROTATION_NANOS =
            gauge("rotation-nanos", NANOSECONDS, "the last rotation that was not held");
    public static final Statistic GATHERS = counter("gathers", NUMBER, "times that a new ring was looked for");
    public static final Statistic RINGS_INSTALLED =
            counter("rings-installed", NUMBER, "regular configurations installed");
    public static final Statistic MEMBERS = gauge("members", "nodes", "members of the ring");
    public static final Statistic PRIMARY = gauge("primary", NUMBER, "1 in a primary configuration");
    public static final Statistic QUORUM_DIFFERING = gauge("quorum-differing", "nodes", "members with another quorum");
    public static final Statistic SETTINGS_DIFFERING =
            gauge("settings-differing", NUMBER, "settings of other members that are not as here");
    public static final Statistic RING_MESSAGE_SIZE_MAX =
            gauge("ring-message-size-max", BYTES, "the largest payload that the ring takes; 0 before the first ring");
    public static final Statistic RING_WIRE_VERSION = gauge(
            "ring-wire-version",
            NUMBER,
            "the version of the wire format that the ring speaks; 0 before the first ring");
    public static final Statistic PAUSES = counter("pauses", NUMBER, "pauses of the process noticed");
    public static final Statistic PAUSE_NANOS =
            gauge("pause-nanos", NANOSECONDS, "how long nothing ran the last time that was noticed");
    public static final Statistic LEASES_OVERSLEPT =
            counter("leases-overslept", NUMBER, "leases that ended while nothing ran");

    // --- of MessageStats ---

    public static final Statistic MESSAGES_ORIGINATED =
            counter("messages-originated", NUMBER, "frames with messages sent for the first time");
    public static final Statistic MESSAGES_RECEIVED =
            counter("messages-received", NUMBER, "frames with messages filed, own ones included");
    public static final Statistic MESSAGES_DELIVERED =
            counter("messages-delivered", NUMBER, "frames with messages delivered");
    public static final Statistic MESSAGES_RETRANSMITTED =
            counter("messages-retransmitted", NUMBER, "frames sent again on request");
    public static final Statistic RETRANSMITS_REQUESTED =
            counter("retransmits-requested", NUMBER, "frames found missing");
    public static final Statistic MESSAGES_RECOVERED =
            counter("messages-recovered", NUMBER, "frames sent again while a ring formed");
    public static final Statistic MESSAGES_LEFT_OUT =
            counter("messages-left-out", NUMBER, "messages above 64 MiB, which no node delivers");
    public static final Statistic MALFORMED_MESSAGES =
            counter("malformed-messages", NUMBER, "what opened and is no message of this format");
    public static final Statistic MALFORMED_PACKETS =
            counter("malformed-packets", NUMBER, "ordered packets that break the format");
    public static final Statistic EVENTS_DELIVERED =
            counter("events-delivered", NUMBER, "events handed to subscribers");

    // --- of MessageStats: ignored messages of the protocol ---

    public static final Statistic DROPPED_OWN = dropped("own", "from this node itself");
    public static final Statistic DROPPED_OTHER_RING = dropped("other-ring", "of another ring");
    public static final Statistic DROPPED_DUPLICATE_TOKEN = dropped("duplicate-token", "a copy of a token");
    public static final Statistic DROPPED_DUPLICATE_MESSAGE =
            dropped("duplicate-message", "a frame that is held already");
    public static final Statistic DROPPED_OUT_OF_RANGE = dropped("out-of-range", "beyond what the store can hold");
    public static final Statistic DROPPED_WRONG_STATE = dropped("wrong-state", "not expected in this state");
    public static final Statistic DROPPED_STALE = dropped("stale", "of an earlier ring or round");
    public static final Statistic DROPPED_OTHER_INCARNATION =
            dropped("other-incarnation", "of another life of a member");
    public static final Statistic DROPPED_OTHER_MEMBERSHIP =
            dropped("other-membership", "a commit token of another membership");
    public static final Statistic DROPPED_OTHER_VERSION = dropped(
            "other-version",
            "of a node, or of an attempt, that speaks no version of the wire format that this one understands");
    public static final Statistic DROPPED_FAILED_SENDER =
            dropped("failed-sender", "its sender has failed for us, or we for it");
    public static final Statistic DROPPED_QUARANTINED =
            dropped("quarantined", "of a node that may not hear all of the ring");
    public static final Statistic DROPPED_RING_FULL = dropped("ring-full", "the ring would be too large");
    public static final Statistic DROPPED_RING_SEQ_TOO_HIGH =
            dropped("ring-seq-too-high", "names a ring number that no cluster can have come to");
    public static final Statistic DROPPED_IMPOSSIBLE_TOKEN =
            dropped("impossible-token", "a token with a value that the members of its ring cannot have written");
    public static final Statistic DROPPED_IMPOSSIBLE_COMMIT_TOKEN = dropped(
            "impossible-commit-token",
            "a commit token that has skipped a member, or in which what this node wrote has been changed");
    public static final Statistic DROPPED_AFTER_PAUSE =
            dropped("after-pause", "queued up while the process was paused");

    // --- of MemoryStats ---

    public static final Statistic DISPATCH_BACKLOG = gauge(
            "dispatch-backlog",
            "frames",
            "frames waiting because there is no memory for what subscribers have not taken");
    public static final Statistic DELIVERY_BYTES = gauge("delivery-bytes", BYTES, "bytes waiting for subscribers");
    public static final Statistic HELD_BACK = gauge("held-back", NUMBER, "1 while this node holds the ring back");
    public static final Statistic SEND_BACKLOG = gauge("send-backlog", "packets", "packets waiting for the token");
    public static final Statistic SEND_BYTES = gauge("send-bytes", BYTES, "bytes of sends under way");
    public static final Statistic SENDS_WAITING = gauge("sends-waiting", "sends", "sends waiting for memory");

    // --- of GroupStats ---

    public static final Statistic GROUPS = gauge("groups", NUMBER, "groups that have members somewhere");
    public static final Statistic GROUP_EXCHANGES = counter(
            "group-exchanges", NUMBER, "regular configurations that began with the lists of all members' groups");

    // --- of SealStats ---

    public static final Statistic SEALING_KEY = gauge("sealing-key", NUMBER, "the key in use");
    public static final Statistic REKEYS = counter("rekeys", NUMBER, "changes of the key");
    public static final Statistic LIVES_CHALLENGED =
            counter("lives-challenged", NUMBER, "lives asked to prove that they are live");
    public static final Statistic CHALLENGES_ANSWERED = counter(
            "challenges-answered", NUMBER, "times that this node was asked to prove that it is live, and answered");
    public static final Statistic LIVES_PROVEN = counter("lives-proven", NUMBER, "lives that have proven it");
    public static final Statistic PATHS_PROVEN =
            counter("paths-proven", NUMBER, "answers of members that were asked where they are");
    public static final Statistic ANSWERS_UNUSED = counter("answers-unused", NUMBER, "answers that nobody waited for");

    // --- of SealStats: frames that did not open ---

    public static final Statistic REFUSED_MALFORMED = refused("malformed", "no frame");
    public static final Statistic REFUSED_OTHER_SUITE = refused("other-suite", "sealed with another suite");
    public static final Statistic REFUSED_OTHER_CLUSTER = refused("other-cluster", "of another cluster");
    public static final Statistic REFUSED_OTHER_KEY =
            refused("other-key", "sealed with a key that this node does not have");
    public static final Statistic REFUSED_NOT_AUTHENTIC =
            refused("not-authentic", "altered, or sealed with another key");
    public static final Statistic REFUSED_OTHER_RECEIVER = refused("other-receiver", "sealed for another node");
    public static final Statistic REFUSED_REPLAYED = refused("replayed", "opened before, or too old to tell");
    public static final Statistic REFUSED_COPIED =
            refused("copied", "sealed by a copy of this process; a new life was begun");
    public static final Statistic REFUSED_UNPROVEN = refused(
            "unproven", "of a life that has not proven that it is live; also where another member of the ring asks it");
    public static final Statistic REFUSED_OVER_LIMIT =
            refused("over-limit", "of unknown lives, or altered as others of their life were, above what is looked at");

    // --- of LinkStats; a link need not have them all ---

    public static final Statistic LINK_READS = counter("link-reads", NUMBER, "reads handed to the node");
    public static final Statistic LINK_READ_BYTES =
            counter("link-read-bytes", BYTES, "bytes of the reads handed to the node");
    public static final Statistic LINK_READS_OWN =
            counter("link-reads-own", NUMBER, "reads of what this node sent to the group");
    public static final Statistic LINK_READ_BYTES_OWN =
            counter("link-read-bytes-own", BYTES, "bytes of the reads of what this node sent to the group");
    public static final Statistic LINK_READS_UNLISTED =
            counter("link-reads-unlisted", NUMBER, "reads from where no listed peer is");
    public static final Statistic LINK_READS_MISADDRESSED =
            counter("link-reads-misaddressed", NUMBER, "reads of a peer from the address of another");
    public static final Statistic LINK_READ_ERRORS = counter("link-read-errors", NUMBER, "reads that failed");
    public static final Statistic LINK_FRAMES_SENT =
            counter("link-frames-sent", NUMBER, "frames handed to the system, once a destination");
    public static final Statistic LINK_FRAME_BYTES_SENT =
            counter("link-frame-bytes-sent", BYTES, "bytes of the frames handed to the system");
    public static final Statistic LINK_WRITES = counter("link-writes", NUMBER, "writes handed to the system");
    public static final Statistic LINK_WRITE_ERRORS =
            counter("link-write-errors", NUMBER, "writes that the system refused");
    public static final Statistic LINK_FRAMES_UNADDRESSED =
            counter("link-frames-unaddressed", NUMBER, "frames for a node without a known address");
    public static final Statistic LINK_FRAMES_NOT_QUEUED =
            counter("link-frames-not-queued", NUMBER, "frames dropped because the system takes no more");
    public static final Statistic LINK_FRAMES_OVERSIZED =
            counter("link-frames-oversized", NUMBER, "frames longer than a datagram");
    public static final Statistic LINK_SOCKETS_REOPENED =
            counter("link-sockets-reopened", NUMBER, "sockets opened again");
    public static final Statistic LINK_GROUP_REJOINED =
            counter("link-group-rejoined", "joins", "times that the group was joined again");
    public static final Statistic LINK_CONNECTIONS_DIALLED =
            counter("link-connections-dialled", NUMBER, "over TCP: connections begun");
    public static final Statistic LINK_CONNECTIONS_SILENT =
            counter("link-connections-silent", NUMBER, "over TCP: connections ended because nothing was heard on them");
    public static final Statistic LINK_CONNECTIONS_REFUSED = counter(
            "link-connections-refused",
            NUMBER,
            "over TCP: connections ended because what came is not of a node, or too many strangers have made some");
    public static final Statistic LINK_SEGMENTATION_REFUSED =
            counter("link-segmentation-refused", "refusals", "times that the system refused segmentation");
    public static final Statistic LINK_FRAME_BYTES_MAX = gauge("link-frame-bytes-max", BYTES, "the longest frame");
    public static final Statistic LINK_FRAME_BYTES =
            gauge("link-frame-bytes", BYTES, "the longest frame that all members have confirmed");
    public static final Statistic LINK_PATH_PROBES =
            counter("link-path-probes", "frames", "frames sent to find out how long they may be");
    public static final Statistic LINK_PATH_LOWERED =
            counter("link-path-lowered", NUMBER, "times that frames of a length in use did not arrive any more");
    public static final Statistic LINK_RECEIVE_BUFFER_BYTES =
            gauge("link-receive-buffer-bytes", BYTES, "the receive buffer granted");
    public static final Statistic LINK_SEND_BUFFER_BYTES =
            gauge("link-send-buffer-bytes", BYTES, "the send buffer granted");
    public static final Statistic LINK_NETWORKS = gauge("link-networks", NUMBER, "networks that this node has");
    public static final Statistic LINK_NETWORKS_FAULTY =
            gauge("link-networks-faulty", NUMBER, "networks that are left out");
    public static final Statistic LINK_NETWORK_FAULTS =
            counter("link-network-faults", NUMBER, "times that a network was left out");
    public static final Statistic LINK_FRAMES_COPIED =
            counter("link-frames-copied", NUMBER, "frames that had come by another network before");

    private Statistics() {}

    /** All, in the order of the table in the docs. */
    public static List<Statistic> all() {
        return List.copyOf(ALL);
    }

    /** That with this name; empty if it is none of these. */
    public static Optional<Statistic> byName(String name) {
        Objects.requireNonNull(name, "name");
        return Optional.ofNullable(ALL_BY_NAME.get(name));
    }

    private static Statistic counter(String name, String unit, String meaning) {
        return add(Statistic.counter(name, unit, meaning));
    }

    private static Statistic gauge(String name, String unit, String meaning) {
        return add(Statistic.gauge(name, unit, meaning));
    }

    private static Statistic dropped(String reason, String meaning) {
        return counter(DROPPED + reason, "messages", "ignored: " + meaning);
    }

    private static Statistic refused(String reason, String meaning) {
        return counter(REFUSED + reason, "frames", "did not open: " + meaning);
    }

    private static Statistic add(Statistic statistic) {
        if (ALL_BY_NAME.put(statistic.name(), statistic) != null) {
            throw new IllegalStateException("two statistics are called " + statistic);
        }
        ALL.add(statistic);
        return statistic;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.micrometer;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import java.util.Locale;

/** The meters of a node. Counters grow from its start; each is a statistic of {@link dev.totem.core.TotemNode#stats()}, or several with a tag. */
public enum TotemMeter implements MeterDocumentation {
    /** 1 while the node is live, as its health says. */
    LIVE("totem.live", Meter.Type.GAUGE, "", "", "1 while the node is live, as its health says"),
    /** 1 while the node is ready, as its health says. */
    READY("totem.ready", Meter.Type.GAUGE, "", "", "1 while the node is ready, as its health says"),
    /** Regular tokens accepted. */
    TOKENS("totem.tokens", Meter.Type.COUNTER, "", "tokens", "Regular tokens accepted"),
    /** Copies of a token sent because its successor was silent. */
    TOKENS_RESENT(
            "totem.tokens.resent",
            Meter.Type.COUNTER,
            "",
            "tokens-resent",
            "Copies of a token sent because its successor was silent"),
    /** Tokens kept because the ring was idle. */
    TOKENS_HELD("totem.tokens.held", Meter.Type.COUNTER, "", "tokens-held", "Tokens kept because the ring was idle"),
    /** Tokens dropped because more came at once than are kept. */
    TOKENS_OVERRUN(
            "totem.tokens.overrun",
            Meter.Type.COUNTER,
            "",
            "tokens-overrun",
            "Tokens dropped because more came at once than are kept"),
    /** Hold cancels sent. */
    HOLDS_CANCELLED("totem.holds.cancelled", Meter.Type.COUNTER, "", "holds-cancelled", "Hold cancels sent"),
    /** The last rotation that was not held. */
    ROTATION(
            "totem.ring.rotation",
            Meter.Type.GAUGE,
            "nanoseconds",
            "rotation-nanos",
            "The last rotation that was not held"),
    /** Times that a new ring was looked for. */
    GATHERS("totem.ring.searches", Meter.Type.COUNTER, "", "gathers", "Times that a new ring was looked for"),
    /** Regular configurations installed. */
    RINGS_INSTALLED(
            "totem.configuration.changes",
            Meter.Type.COUNTER,
            "",
            "rings-installed",
            "Regular configurations installed"),
    /** Members of the ring. */
    MEMBERS("totem.members", Meter.Type.GAUGE, "nodes", "members", "Members of the ring"),
    /** Groups that have members somewhere. */
    GROUPS("totem.groups", Meter.Type.GAUGE, "", "groups", "Groups that have members somewhere"),
    /** Regular configurations that began with the lists of all members' groups. */
    GROUP_EXCHANGES(
            "totem.groups.exchanges",
            Meter.Type.COUNTER,
            "",
            "group-exchanges",
            "Regular configurations that began with the lists of all members' groups"),
    /** 1 in a primary configuration. */
    PRIMARY("totem.primary", Meter.Type.GAUGE, "", "primary", "1 in a primary configuration"),
    /** Members with another quorum. */
    QUORUM_DIFFERING(
            "totem.quorum.differing", Meter.Type.GAUGE, "nodes", "quorum-differing", "Members with another quorum"),
    /** Settings of other members that are not as here. */
    SETTINGS_DIFFERING(
            "totem.settings.differing",
            Meter.Type.GAUGE,
            "",
            "settings-differing",
            "Settings of other members that are not as here"),
    /** The largest payload that the ring takes; 0 before the first ring. */
    RING_MESSAGE_SIZE_MAX(
            "totem.message.size.max",
            Meter.Type.GAUGE,
            "bytes",
            "ring-message-size-max",
            "The largest payload that the ring takes; 0 before the first ring"),
    /** The version of the wire format that the ring speaks; 0 before the first ring. */
    RING_WIRE_VERSION(
            "totem.wire.version",
            Meter.Type.GAUGE,
            "",
            "ring-wire-version",
            "The version of the wire format that the ring speaks; 0 before the first ring"),
    /** Pauses of the process noticed. */
    PAUSES("totem.pauses", Meter.Type.COUNTER, "", "pauses", "Pauses of the process noticed"),
    /** How long nothing ran the last time that was noticed. */
    PAUSE(
            "totem.pause.last",
            Meter.Type.GAUGE,
            "nanoseconds",
            "pause-nanos",
            "How long nothing ran the last time that was noticed"),
    /** Leases that ended while nothing ran. */
    LEASES_OVERSLEPT(
            "totem.leases.overslept",
            Meter.Type.COUNTER,
            "",
            "leases-overslept",
            "Leases that ended while nothing ran"),
    /** Frames with messages sent for the first time. */
    MESSAGES_ORIGINATED(
            "totem.frames.originated",
            Meter.Type.COUNTER,
            "",
            "messages-originated",
            "Frames with messages sent for the first time"),
    /** Frames with messages filed, own ones included. */
    MESSAGES_RECEIVED(
            "totem.frames.received",
            Meter.Type.COUNTER,
            "",
            "messages-received",
            "Frames with messages filed, own ones included"),
    /** Frames with messages delivered. */
    MESSAGES_DELIVERED(
            "totem.frames.delivered", Meter.Type.COUNTER, "", "messages-delivered", "Frames with messages delivered"),
    /** Frames sent again on request. */
    MESSAGES_RETRANSMITTED(
            "totem.frames.retransmitted",
            Meter.Type.COUNTER,
            "",
            "messages-retransmitted",
            "Frames sent again on request"),
    /** Frames found missing. */
    RETRANSMITS_REQUESTED(
            "totem.frames.missing", Meter.Type.COUNTER, "", "retransmits-requested", "Frames found missing"),
    /** Frames sent again while a ring formed. */
    MESSAGES_RECOVERED(
            "totem.frames.recovered",
            Meter.Type.COUNTER,
            "",
            "messages-recovered",
            "Frames sent again while a ring formed"),
    /** Messages above 64 MiB, which no node delivers. */
    MESSAGES_LEFT_OUT(
            "totem.messages.left.out",
            Meter.Type.COUNTER,
            "",
            "messages-left-out",
            "Messages above 64 MiB, which no node delivers"),
    /** What opened and is no message of this format. */
    MALFORMED_MESSAGES(
            "totem.malformed.messages",
            Meter.Type.COUNTER,
            "",
            "malformed-messages",
            "What opened and is no message of this format"),
    /** Ordered packets that break the format. */
    MALFORMED_PACKETS(
            "totem.malformed.packets",
            Meter.Type.COUNTER,
            "",
            "malformed-packets",
            "Ordered packets that break the format"),
    /** Events handed to subscribers. */
    EVENTS_DELIVERED(
            "totem.events.delivered", Meter.Type.COUNTER, "", "events-delivered", "Events handed to subscribers"),
    /** Frames waiting because there is no memory for what subscribers have not taken. */
    DISPATCH_BACKLOG(
            "totem.dispatch.backlog",
            Meter.Type.GAUGE,
            "frames",
            "dispatch-backlog",
            "Frames waiting because there is no memory for what subscribers have not taken"),
    /** Bytes waiting for subscribers. */
    DELIVERY_BYTES(
            "totem.delivery.memory", Meter.Type.GAUGE, "bytes", "delivery-bytes", "Bytes waiting for subscribers"),
    /** 1 while this node holds the ring back. */
    HELD_BACK("totem.held.back", Meter.Type.GAUGE, "", "held-back", "1 while this node holds the ring back"),
    /** Packets waiting for the token. */
    SEND_BACKLOG("totem.send.backlog", Meter.Type.GAUGE, "packets", "send-backlog", "Packets waiting for the token"),
    /** Bytes of sends under way. */
    SEND_BYTES("totem.send.memory", Meter.Type.GAUGE, "bytes", "send-bytes", "Bytes of sends under way"),
    /** Sends waiting for memory. */
    SENDS_WAITING("totem.send.waiting", Meter.Type.GAUGE, "sends", "sends-waiting", "Sends waiting for memory"),
    /** The key in use. */
    SEALING_KEY("totem.key", Meter.Type.GAUGE, "", "sealing-key", "The key in use"),
    /** Changes of the key. */
    REKEYS("totem.key.changes", Meter.Type.COUNTER, "", "rekeys", "Changes of the key"),
    /** Lives asked to prove that they are live. */
    LIVES_CHALLENGED(
            "totem.lives.challenged",
            Meter.Type.COUNTER,
            "",
            "lives-challenged",
            "Lives asked to prove that they are live"),
    /** Times that this node was asked to prove that it is live, and answered. */
    CHALLENGES_ANSWERED(
            "totem.challenges.answered",
            Meter.Type.COUNTER,
            "",
            "challenges-answered",
            "Times that this node was asked to prove that it is live, and answered"),
    /** Lives that have proven it. */
    LIVES_PROVEN("totem.lives.proven", Meter.Type.COUNTER, "", "lives-proven", "Lives that have proven it"),
    /** Answers of members that were asked where they are. */
    PATHS_PROVEN(
            "totem.paths.proven",
            Meter.Type.COUNTER,
            "",
            "paths-proven",
            "Answers of members that were asked where they are"),
    /** Answers that nobody waited for. */
    ANSWERS_UNUSED("totem.answers.unused", Meter.Type.COUNTER, "", "answers-unused", "Answers that nobody waited for"),
    /** Messages of the protocol that were ignored, by reason. */
    DROPPED(
            "totem.dropped",
            Meter.Type.COUNTER,
            "messages",
            "dropped-",
            "Messages of the protocol that were ignored, by reason"),
    /** Frames that did not open, by reason. */
    REFUSED("totem.refused", Meter.Type.COUNTER, "frames", "refused-", "Frames that did not open, by reason"),
    /** Reads handed to the node. */
    LINK_READS("totem.link.reads", Meter.Type.COUNTER, "", "link-reads", "Reads handed to the node"),
    /** Bytes of the reads handed to the node. */
    LINK_READ_BYTES(
            "totem.link.reads.size",
            Meter.Type.COUNTER,
            "bytes",
            "link-read-bytes",
            "Bytes of the reads handed to the node"),
    /** Reads of what this node sent to the group. */
    LINK_READS_OWN(
            "totem.link.reads.own",
            Meter.Type.COUNTER,
            "",
            "link-reads-own",
            "Reads of what this node sent to the group"),
    /** Bytes of the reads of what this node sent to the group. */
    LINK_READ_BYTES_OWN(
            "totem.link.reads.own.size",
            Meter.Type.COUNTER,
            "bytes",
            "link-read-bytes-own",
            "Bytes of the reads of what this node sent to the group"),
    /** Reads from where no listed peer is. */
    LINK_READS_UNLISTED(
            "totem.link.reads.unlisted",
            Meter.Type.COUNTER,
            "",
            "link-reads-unlisted",
            "Reads from where no listed peer is"),
    /** Reads of a peer from the address of another. */
    LINK_READS_MISADDRESSED(
            "totem.link.reads.misaddressed",
            Meter.Type.COUNTER,
            "",
            "link-reads-misaddressed",
            "Reads of a peer from the address of another"),
    /** Reads that failed. */
    LINK_READ_ERRORS("totem.link.reads.failed", Meter.Type.COUNTER, "", "link-read-errors", "Reads that failed"),
    /** Frames handed to the system, once a destination. */
    LINK_FRAMES_SENT(
            "totem.link.frames.sent",
            Meter.Type.COUNTER,
            "",
            "link-frames-sent",
            "Frames handed to the system, once a destination"),
    /** Bytes of the frames handed to the system. */
    LINK_FRAME_BYTES_SENT(
            "totem.link.frames.sent.size",
            Meter.Type.COUNTER,
            "bytes",
            "link-frame-bytes-sent",
            "Bytes of the frames handed to the system"),
    /** Writes handed to the system. */
    LINK_WRITES("totem.link.writes", Meter.Type.COUNTER, "", "link-writes", "Writes handed to the system"),
    /** Writes that the system refused. */
    LINK_WRITE_ERRORS(
            "totem.link.writes.failed", Meter.Type.COUNTER, "", "link-write-errors", "Writes that the system refused"),
    /** Frames for a node without a known address. */
    LINK_FRAMES_UNADDRESSED(
            "totem.link.frames.unaddressed",
            Meter.Type.COUNTER,
            "",
            "link-frames-unaddressed",
            "Frames for a node without a known address"),
    /** Frames dropped because the system takes no more. */
    LINK_FRAMES_NOT_QUEUED(
            "totem.link.frames.not.queued",
            Meter.Type.COUNTER,
            "",
            "link-frames-not-queued",
            "Frames dropped because the system takes no more"),
    /** Frames longer than a datagram. */
    LINK_FRAMES_OVERSIZED(
            "totem.link.frames.oversized",
            Meter.Type.COUNTER,
            "",
            "link-frames-oversized",
            "Frames longer than a datagram"),
    /** Sockets opened again. */
    LINK_SOCKETS_REOPENED(
            "totem.link.sockets.reopened", Meter.Type.COUNTER, "", "link-sockets-reopened", "Sockets opened again"),
    /** Times that the group was joined again. */
    LINK_GROUP_REJOINED(
            "totem.link.group.rejoined",
            Meter.Type.COUNTER,
            "joins",
            "link-group-rejoined",
            "Times that the group was joined again"),
    /** Over TCP: connections begun. */
    LINK_CONNECTIONS_DIALLED(
            "totem.link.connections.dialled",
            Meter.Type.COUNTER,
            "",
            "link-connections-dialled",
            "Over TCP: connections begun"),
    /** Over TCP: connections ended because nothing was heard on them. */
    LINK_CONNECTIONS_SILENT(
            "totem.link.connections.silent",
            Meter.Type.COUNTER,
            "",
            "link-connections-silent",
            "Over TCP: connections ended because nothing was heard on them"),
    /** Over TCP: connections ended because what came is not of a node, or too many strangers have made some. */
    LINK_CONNECTIONS_REFUSED(
            "totem.link.connections.refused",
            Meter.Type.COUNTER,
            "",
            "link-connections-refused",
            "Over TCP: connections ended because what came is not of a node, or too many strangers have made some"),
    /** Times that the system refused segmentation. */
    LINK_SEGMENTATION_REFUSED(
            "totem.link.segmentation.refused",
            Meter.Type.COUNTER,
            "refusals",
            "link-segmentation-refused",
            "Times that the system refused segmentation"),
    /** The longest frame, bytes. */
    LINK_FRAME_BYTES_MAX(
            "totem.link.frame.size.max", Meter.Type.GAUGE, "bytes", "link-frame-bytes-max", "The longest frame, bytes"),
    /** The longest frame that all members have confirmed, bytes. */
    LINK_FRAME_BYTES(
            "totem.link.frame.size",
            Meter.Type.GAUGE,
            "bytes",
            "link-frame-bytes",
            "The longest frame that all members have confirmed, bytes"),
    /** Frames sent to find that out. */
    LINK_PATH_PROBES(
            "totem.link.path.probes", Meter.Type.COUNTER, "", "link-path-probes", "Frames sent to find that out"),
    /** Times that frames of a length in use did not arrive any more. */
    LINK_PATH_LOWERED(
            "totem.link.path.lowered",
            Meter.Type.COUNTER,
            "",
            "link-path-lowered",
            "Times that frames of a length in use did not arrive any more"),
    /** The receive buffer granted. */
    LINK_RECEIVE_BUFFER_BYTES(
            "totem.link.buffer.receive",
            Meter.Type.GAUGE,
            "bytes",
            "link-receive-buffer-bytes",
            "The receive buffer granted"),
    /** The send buffer granted. */
    LINK_SEND_BUFFER_BYTES(
            "totem.link.buffer.send", Meter.Type.GAUGE, "bytes", "link-send-buffer-bytes", "The send buffer granted"),
    /** Networks that this node has. */
    LINK_NETWORKS("totem.link.networks", Meter.Type.GAUGE, "", "link-networks", "Networks that this node has"),
    /** Networks that are left out. */
    LINK_NETWORKS_FAULTY(
            "totem.link.networks.faulty", Meter.Type.GAUGE, "", "link-networks-faulty", "Networks that are left out"),
    /** Times that a network was left out. */
    LINK_NETWORK_FAULTS(
            "totem.link.networks.faults",
            Meter.Type.COUNTER,
            "",
            "link-network-faults",
            "Times that a network was left out"),
    /** Frames that had come by another network before. */
    LINK_FRAMES_COPIED(
            "totem.link.frames.copied",
            Meter.Type.COUNTER,
            "",
            "link-frames-copied",
            "Frames that had come by another network before");

    private final String name;
    private final Meter.Type type;
    private final String unit;
    private final String statistic;
    private final String description;

    TotemMeter(String name, Meter.Type type, String unit, String statistic, String description) {
        this.name = name;
        this.type = type;
        this.unit = unit;
        this.statistic = statistic;
        this.description = description;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Meter.Type getType() {
        return type;
    }

    /** Empty where it is a number of its own kind. */
    @Override
    public String getBaseUnit() {
        return unit;
    }

    @Override
    public KeyName[] getKeyNames() {
        return isByReason() ? new KeyName[] {Tag.CLUSTER, Tag.NODE, Tag.REASON} : new KeyName[] {Tag.CLUSTER, Tag.NODE};
    }

    /** What it measures, a phrase. */
    public String description() {
        return description;
    }

    /** The statistic that it is, or what those begin with that it has a tag {@link Tag#REASON} for; empty if it is none. */
    String statistic() {
        return statistic;
    }

    /** Whether it is one of several statistics, told apart by a tag. */
    boolean isByReason() {
        return statistic.endsWith("-");
    }

    /** Whether a statistic is measured by this meter. */
    boolean measures(String name) {
        return isByReason() ? name.startsWith(statistic) : name.equals(statistic);
    }

    /** The tags of the meters. */
    public enum Tag implements KeyName {
        /** The name of the node's cluster. */
        CLUSTER,
        /** The id of the node. */
        NODE,
        /** Why a frame was not used. */
        REASON;

        @Override
        public String asString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

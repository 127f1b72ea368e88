/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.micrometer;

import dev.totem.core.Statistic;
import dev.totem.core.Statistics;
import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import java.util.Locale;

/** The meters of a node. Counters grow from its start; each is a statistic of {@link dev.totem.core.TotemNode#stats()}, or several with a tag. */
public enum TotemMeter implements MeterDocumentation {
    LIVE("totem.live", "1 while the node is live, as its health says"),
    READY("totem.ready", "1 while the node is ready, as its health says"),
    TOKENS("totem.tokens", Statistics.TOKENS),
    TOKENS_RESENT("totem.tokens.resent", Statistics.TOKENS_RESENT),
    TOKENS_HELD("totem.tokens.held", Statistics.TOKENS_HELD),
    TOKENS_OVERRUN("totem.tokens.overrun", Statistics.TOKENS_OVERRUN),
    HOLDS_CANCELLED("totem.holds.cancelled", Statistics.HOLDS_CANCELLED),
    ROTATION("totem.ring.rotation", Statistics.ROTATION_NANOS),
    GATHERS("totem.ring.searches", Statistics.GATHERS),
    RINGS_INSTALLED("totem.configuration.changes", Statistics.RINGS_INSTALLED),
    MEMBERS("totem.members", Statistics.MEMBERS),
    GROUPS("totem.groups", Statistics.GROUPS),
    GROUP_EXCHANGES("totem.groups.exchanges", Statistics.GROUP_EXCHANGES),
    PRIMARY("totem.primary", Statistics.PRIMARY),
    QUORUM_DIFFERING("totem.quorum.differing", Statistics.QUORUM_DIFFERING),
    SETTINGS_DIFFERING("totem.settings.differing", Statistics.SETTINGS_DIFFERING),
    RING_MESSAGE_SIZE_MAX("totem.message.size.max", Statistics.RING_MESSAGE_SIZE_MAX),
    RING_WIRE_VERSION("totem.wire.version", Statistics.RING_WIRE_VERSION),
    PAUSES("totem.pauses", Statistics.PAUSES),
    PAUSE("totem.pause.last", Statistics.PAUSE_NANOS),
    LEASES_OVERSLEPT("totem.leases.overslept", Statistics.LEASES_OVERSLEPT),
    MESSAGES_ORIGINATED("totem.frames.originated", Statistics.MESSAGES_ORIGINATED),
    MESSAGES_RECEIVED("totem.frames.received", Statistics.MESSAGES_RECEIVED),
    MESSAGES_DELIVERED("totem.frames.delivered", Statistics.MESSAGES_DELIVERED),
    MESSAGES_RETRANSMITTED("totem.frames.retransmitted", Statistics.MESSAGES_RETRANSMITTED),
    RETRANSMITS_REQUESTED("totem.frames.missing", Statistics.RETRANSMITS_REQUESTED),
    MESSAGES_RECOVERED("totem.frames.recovered", Statistics.MESSAGES_RECOVERED),
    MESSAGES_LEFT_OUT("totem.messages.left.out", Statistics.MESSAGES_LEFT_OUT),
    MALFORMED_MESSAGES("totem.malformed.messages", Statistics.MALFORMED_MESSAGES),
    MALFORMED_PACKETS("totem.malformed.packets", Statistics.MALFORMED_PACKETS),
    EVENTS_DELIVERED("totem.events.delivered", Statistics.EVENTS_DELIVERED),
    DISPATCH_BACKLOG("totem.dispatch.backlog", Statistics.DISPATCH_BACKLOG),
    DELIVERY_BYTES("totem.delivery.memory", Statistics.DELIVERY_BYTES),
    HELD_BACK("totem.held.back", Statistics.HELD_BACK),
    SEND_BACKLOG("totem.send.backlog", Statistics.SEND_BACKLOG),
    SEND_BYTES("totem.send.memory", Statistics.SEND_BYTES),
    SENDS_WAITING("totem.send.waiting", Statistics.SENDS_WAITING),
    SEALING_KEY("totem.key", Statistics.SEALING_KEY),
    REKEYS("totem.key.changes", Statistics.REKEYS),
    LIVES_CHALLENGED("totem.lives.challenged", Statistics.LIVES_CHALLENGED),
    CHALLENGES_ANSWERED("totem.challenges.answered", Statistics.CHALLENGES_ANSWERED),
    LIVES_PROVEN("totem.lives.proven", Statistics.LIVES_PROVEN),
    PATHS_PROVEN("totem.paths.proven", Statistics.PATHS_PROVEN),
    ANSWERS_UNUSED("totem.answers.unused", Statistics.ANSWERS_UNUSED),
    DROPPED("totem.dropped", "messages", Statistics.DROPPED, "Messages of the protocol that were ignored, by reason"),
    REFUSED("totem.refused", "frames", Statistics.REFUSED, "Frames that did not open, by reason"),
    LINK_READS("totem.link.reads", Statistics.LINK_READS),
    LINK_READ_BYTES("totem.link.reads.size", Statistics.LINK_READ_BYTES),
    LINK_READS_OWN("totem.link.reads.own", Statistics.LINK_READS_OWN),
    LINK_READ_BYTES_OWN("totem.link.reads.own.size", Statistics.LINK_READ_BYTES_OWN),
    LINK_READS_UNLISTED("totem.link.reads.unlisted", Statistics.LINK_READS_UNLISTED),
    LINK_READS_MISADDRESSED("totem.link.reads.misaddressed", Statistics.LINK_READS_MISADDRESSED),
    LINK_READ_ERRORS("totem.link.reads.failed", Statistics.LINK_READ_ERRORS),
    LINK_FRAMES_SENT("totem.link.frames.sent", Statistics.LINK_FRAMES_SENT),
    LINK_FRAME_BYTES_SENT("totem.link.frames.sent.size", Statistics.LINK_FRAME_BYTES_SENT),
    LINK_WRITES("totem.link.writes", Statistics.LINK_WRITES),
    LINK_WRITE_ERRORS("totem.link.writes.failed", Statistics.LINK_WRITE_ERRORS),
    LINK_FRAMES_UNADDRESSED("totem.link.frames.unaddressed", Statistics.LINK_FRAMES_UNADDRESSED),
    LINK_FRAMES_NOT_QUEUED("totem.link.frames.not.queued", Statistics.LINK_FRAMES_NOT_QUEUED),
    LINK_FRAMES_OVERSIZED("totem.link.frames.oversized", Statistics.LINK_FRAMES_OVERSIZED),
    LINK_SOCKETS_REOPENED("totem.link.sockets.reopened", Statistics.LINK_SOCKETS_REOPENED),
    LINK_GROUP_REJOINED("totem.link.group.rejoined", Statistics.LINK_GROUP_REJOINED),
    LINK_CONNECTIONS_DIALLED("totem.link.connections.dialled", Statistics.LINK_CONNECTIONS_DIALLED),
    LINK_CONNECTIONS_SILENT("totem.link.connections.silent", Statistics.LINK_CONNECTIONS_SILENT),
    LINK_CONNECTIONS_REFUSED("totem.link.connections.refused", Statistics.LINK_CONNECTIONS_REFUSED),
    LINK_SEGMENTATION_REFUSED("totem.link.segmentation.refused", Statistics.LINK_SEGMENTATION_REFUSED),
    LINK_FRAME_BYTES_MAX("totem.link.frame.size.max", Statistics.LINK_FRAME_BYTES_MAX),
    LINK_FRAME_BYTES("totem.link.frame.size", Statistics.LINK_FRAME_BYTES),
    LINK_PATH_PROBES("totem.link.path.probes", Statistics.LINK_PATH_PROBES),
    LINK_PATH_LOWERED("totem.link.path.lowered", Statistics.LINK_PATH_LOWERED),
    LINK_RECEIVE_BUFFER_BYTES("totem.link.buffer.receive", Statistics.LINK_RECEIVE_BUFFER_BYTES),
    LINK_SEND_BUFFER_BYTES("totem.link.buffer.send", Statistics.LINK_SEND_BUFFER_BYTES),
    LINK_NETWORKS("totem.link.networks", Statistics.LINK_NETWORKS),
    LINK_NETWORKS_FAULTY("totem.link.networks.faulty", Statistics.LINK_NETWORKS_FAULTY),
    LINK_NETWORK_FAULTS("totem.link.networks.faults", Statistics.LINK_NETWORK_FAULTS),
    LINK_FRAMES_COPIED("totem.link.frames.copied", Statistics.LINK_FRAMES_COPIED);

    private final String name;
    private final Meter.Type type;
    private final String unit;
    private final String statistic;
    private final String description;

    /** Of the node's health. */
    TotemMeter(String name, String description) {
        this(name, Statistic.Kind.GAUGE, "", "", description);
    }

    /** All statistics whose names begin so. */
    TotemMeter(String name, String unit, String prefix, String description) {
        this(name, Statistic.Kind.COUNTER, unit, prefix, description);
    }

    TotemMeter(String name, Statistic statistic) {
        this(name, statistic.kind(), statistic.unit(), statistic.name(), describe(statistic));
    }

    TotemMeter(String name, Statistic.Kind kind, String unit, String statistic, String description) {
        this.name = name;
        this.type = type(kind);
        this.unit = unit;
        this.statistic = statistic;
        this.description = description;
    }

    static Meter.Type type(Statistic.Kind kind) {
        return switch (kind) {
            case COUNTER -> Meter.Type.COUNTER;
            case GAUGE -> Meter.Type.GAUGE;
        };
    }

    /** Its meaning as a sentence begins. */
    static String describe(Statistic statistic) {
        String meaning = statistic.meaning();
        return meaning.isEmpty() ? "" : Character.toUpperCase(meaning.charAt(0)) + meaning.substring(1);
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
    boolean measures(Statistic measured) {
        return isByReason()
                ? measured.name().startsWith(statistic)
                : measured.name().equals(statistic);
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

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.Statistic;
import dev.totem.core.Statistics;

/** What a link counts. */
@SuppressWarnings("ImmutableEnumChecker") // statistics are immutable
enum LinkCounter {
    /** Reads handed to the node; with coalescing one read holds many frames. */
    READS(Statistics.LINK_READS),
    READ_BYTES(Statistics.LINK_READ_BYTES),
    /** Reads of what this node itself has sent to the group. */
    READS_OWN(Statistics.LINK_READS_OWN),
    /** What these reads held: a byte each where the system cuts them before it copies them. */
    READ_BYTES_OWN(Statistics.LINK_READ_BYTES_OWN),
    /** Reads dropped because their source is not a listed peer. */
    READS_UNLISTED(Statistics.LINK_READS_UNLISTED),
    /** Reads dropped because a frame in them says it is of another node than the one listed at their source. */
    READS_MISADDRESSED(Statistics.LINK_READS_MISADDRESSED),
    READ_ERRORS(Statistics.LINK_READ_ERRORS),
    /** Frames handed to the system, once for each destination. */
    FRAMES_SENT(Statistics.LINK_FRAMES_SENT),
    FRAME_BYTES_SENT(Statistics.LINK_FRAME_BYTES_SENT),
    /** Writes handed to the system; with segmentation one write holds many frames. */
    WRITES(Statistics.LINK_WRITES),
    /** Writes the system refused. */
    WRITE_ERRORS(Statistics.LINK_WRITE_ERRORS),
    /** Frames for a node whose address is not known. */
    FRAMES_UNADDRESSED(Statistics.LINK_FRAMES_UNADDRESSED),
    /** Frames dropped because the system takes no more and the queue is full. */
    FRAMES_NOT_QUEUED(Statistics.LINK_FRAMES_NOT_QUEUED),
    /** Frames dropped because they are longer than a datagram can be. */
    FRAMES_OVERSIZED(Statistics.LINK_FRAMES_OVERSIZED),
    /** Sockets opened again, after the system had closed them or the interface had come back as another one. */
    SOCKETS_REOPENED(Statistics.LINK_SOCKETS_REOPENED),
    /** The group joined again because it had fallen silent. */
    GROUP_REJOINED(Statistics.LINK_GROUP_REJOINED),
    /** Connections that this node has begun to make. */
    CONNECTIONS_DIALLED(Statistics.LINK_CONNECTIONS_DIALLED),
    /** Connections ended because nothing was heard on them. */
    CONNECTIONS_SILENT(Statistics.LINK_CONNECTIONS_SILENT),
    /** Connections ended because what came by them is not of a node, or because too many strangers have made some. */
    CONNECTIONS_REFUSED(Statistics.LINK_CONNECTIONS_REFUSED),
    /** Times that segmentation was switched off because the system refused it. */
    SEGMENTATION_REFUSED(Statistics.LINK_SEGMENTATION_REFUSED);

    private final Statistic statistic;

    LinkCounter(Statistic statistic) {
        this.statistic = statistic;
    }

    Statistic statistic() {
        return statistic;
    }
}

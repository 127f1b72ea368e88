/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.util.Locale;

/** What a link counts; each is a counter of {@code stats} under its name in kebab case after {@code link-}. */
enum LinkCounter {
    /** Reads handed to the node; with coalescing one read holds many frames. */
    READS,
    READ_BYTES,
    /** Reads of what this node itself has sent to the group. */
    READS_OWN,
    /** What these reads held: a byte each where the system cuts them before it copies them. */
    READ_BYTES_OWN,
    /** Reads dropped because their source is not a listed peer. */
    READS_UNLISTED,
    /** Reads dropped because a frame in them says it is of another node than the one listed at their source. */
    READS_MISADDRESSED,
    READ_ERRORS,
    /** Frames handed to the system, once for each destination. */
    FRAMES_SENT,
    FRAME_BYTES_SENT,
    /** Writes handed to the system; with segmentation one write holds many frames. */
    WRITES,
    /** Writes the system refused. */
    WRITE_ERRORS,
    /** Frames for a node whose address is not known. */
    FRAMES_UNADDRESSED,
    /** Frames dropped because the system takes no more and the queue is full. */
    FRAMES_NOT_QUEUED,
    /** Frames dropped because they are longer than a datagram can be. */
    FRAMES_OVERSIZED,
    /** Sockets opened again, after the system had closed them or the interface had come back as another one. */
    SOCKETS_REOPENED,
    /** The group joined again because it had fallen silent. */
    GROUP_REJOINED,
    /** Connections that this node has begun to make. */
    CONNECTIONS_DIALLED,
    /** Connections ended because nothing was heard on them. */
    CONNECTIONS_SILENT,
    /** Connections ended because what came by them is not of a node, or because too many strangers have made some. */
    CONNECTIONS_REFUSED,
    /** Times that segmentation was switched off because the system refused it. */
    SEGMENTATION_REFUSED;

    String counterName() {
        return "link-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

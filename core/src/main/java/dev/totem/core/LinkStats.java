/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

/**
 * Sockets and networks of a node, of a snapshot; sums over the networks where there are several. What a link does not have is 0. Immutable, any thread.
 *
 * @param all the snapshot
 */
public record LinkStats(NodeStats all) {

    public LinkStats {
        requireNonNull(all, "all");
    }

    /** Reads handed to the node. */
    public long reads() {
        return all.get(Statistics.LINK_READS);
    }

    /** Bytes of the reads handed to the node. */
    public long readBytes() {
        return all.get(Statistics.LINK_READ_BYTES);
    }

    /** Reads of what this node sent to the group. */
    public long readsOwn() {
        return all.get(Statistics.LINK_READS_OWN);
    }

    /** Bytes of the reads of what this node sent to the group. */
    public long readBytesOwn() {
        return all.get(Statistics.LINK_READ_BYTES_OWN);
    }

    /** Reads from where no listed peer is. */
    public long readsUnlisted() {
        return all.get(Statistics.LINK_READS_UNLISTED);
    }

    /** Reads of a peer from the address of another. */
    public long readsMisaddressed() {
        return all.get(Statistics.LINK_READS_MISADDRESSED);
    }

    /** Reads that failed. */
    public long readErrors() {
        return all.get(Statistics.LINK_READ_ERRORS);
    }

    /** Frames handed to the system, once a destination. */
    public long framesSent() {
        return all.get(Statistics.LINK_FRAMES_SENT);
    }

    /** Bytes of the frames handed to the system. */
    public long frameBytesSent() {
        return all.get(Statistics.LINK_FRAME_BYTES_SENT);
    }

    /** Writes handed to the system. */
    public long writes() {
        return all.get(Statistics.LINK_WRITES);
    }

    /** Writes that the system refused. */
    public long writeErrors() {
        return all.get(Statistics.LINK_WRITE_ERRORS);
    }

    /** Frames for a node without a known address. */
    public long framesUnaddressed() {
        return all.get(Statistics.LINK_FRAMES_UNADDRESSED);
    }

    /** Frames dropped because the system takes no more. */
    public long framesNotQueued() {
        return all.get(Statistics.LINK_FRAMES_NOT_QUEUED);
    }

    /** Frames longer than a datagram. */
    public long framesOversized() {
        return all.get(Statistics.LINK_FRAMES_OVERSIZED);
    }

    /** Sockets opened again. */
    public long socketsReopened() {
        return all.get(Statistics.LINK_SOCKETS_REOPENED);
    }

    /** Times that the group was joined again. */
    public long groupRejoined() {
        return all.get(Statistics.LINK_GROUP_REJOINED);
    }

    /** Over TCP: connections begun. */
    public long connectionsDialled() {
        return all.get(Statistics.LINK_CONNECTIONS_DIALLED);
    }

    /** Over TCP: connections ended because nothing was heard on them. */
    public long connectionsSilent() {
        return all.get(Statistics.LINK_CONNECTIONS_SILENT);
    }

    /** Over TCP: connections ended because what came is not of a node, or too many strangers have made some. */
    public long connectionsRefused() {
        return all.get(Statistics.LINK_CONNECTIONS_REFUSED);
    }

    /** Times that the system refused segmentation. */
    public long segmentationRefused() {
        return all.get(Statistics.LINK_SEGMENTATION_REFUSED);
    }

    /** The longest frame, bytes. */
    public long frameBytesMax() {
        return all.get(Statistics.LINK_FRAME_BYTES_MAX);
    }

    /** The longest frame that all members have confirmed, bytes. */
    public long frameBytes() {
        return all.get(Statistics.LINK_FRAME_BYTES);
    }

    /** Frames sent to find out how long they may be. */
    public long pathProbes() {
        return all.get(Statistics.LINK_PATH_PROBES);
    }

    /** Times that frames of a length in use did not arrive any more. */
    public long pathLowered() {
        return all.get(Statistics.LINK_PATH_LOWERED);
    }

    /** The receive buffer granted, bytes. */
    public long receiveBufferBytes() {
        return all.get(Statistics.LINK_RECEIVE_BUFFER_BYTES);
    }

    /** The send buffer granted, bytes. */
    public long sendBufferBytes() {
        return all.get(Statistics.LINK_SEND_BUFFER_BYTES);
    }

    /** Networks that this node has. */
    public long networks() {
        return all.get(Statistics.LINK_NETWORKS);
    }

    /** Networks that are left out. */
    public long networksFaulty() {
        return all.get(Statistics.LINK_NETWORKS_FAULTY);
    }

    /** Times that a network was left out. */
    public long networkFaults() {
        return all.get(Statistics.LINK_NETWORK_FAULTS);
    }

    /** Frames that had come by another network before. */
    public long framesCopied() {
        return all.get(Statistics.LINK_FRAMES_COPIED);
    }
}

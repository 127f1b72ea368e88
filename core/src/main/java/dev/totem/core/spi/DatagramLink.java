/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import dev.totem.core.NodeId;
import dev.totem.core.Statistic;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Best-effort datagrams to everybody and to one node. All methods on the node's loop only, unless they say otherwise.
 *
 * <p>A link loses, repeats and reorders as it likes; it never cuts a datagram and never fails: what cannot be sent is
 * counted and dropped. Whether a node hears its own multicasts does not matter.
 */
public interface DatagramLink {

    /** The largest frame that leaves in one packet, bytes; constant after {@link #start}. */
    int frameBytesMax();

    /**
     * The largest frame that reaches all {@link #partners} as far as is known now, bytes: what is ordered is packed into such
     * frames, and what is longer leaves in parts.
     */
    default int frameBytes() {
        return frameBytesMax();
    }

    /** A frame that reaches whoever can be reached, bytes; constant after {@link #start}. What is not ordered is not longer. */
    default int frameBytesLeast() {
        return frameBytesMax();
    }

    /** Begins to receive; called once, before anything is sent. */
    void start(Receiver receiver);

    /**
     * Queues a frame for everybody until {@link #flush()}. All {@link #partners} get it; a link that sends to each node one
     * by one may send only a few frames to those that are silent and no partners, so that the dead do not cost the living.
     *
     * @param frame read completely before the method returns; the caller reuses it
     */
    void multicast(ByteBuffer frame);

    /**
     * As {@link #multicast}, for what forms a ring or holds it together: a link with several ways to a node takes all of them.
     * A link that passes frames on to another one passes this on, too.
     */
    default void announce(ByteBuffer frame) {
        multicast(frame);
    }

    /** Queues a frame for one node until {@link #flush()}; dropped and counted if its address is not known. */
    void unicast(NodeId to, ByteBuffer frame);

    /** Queues a frame for where a read came from, whoever is there, until {@link #flush()}. */
    void reply(SocketAddress source, ByteBuffer frame);

    /** Sends what is queued, in order, in as few system calls as the platform allows. */
    void flush();

    /**
     * A message of this node came from there, authentic as far as the suite can tell, and could be read; somebody may have
     * kept it from us and sent it on from elsewhere. It may be one of any number of invented nodes: what a link keeps of it is
     * bounded.
     *
     * @return whether the node is to be asked for an answer from there, and from where it is known to be, because the link
     *     knows another address or none; a link with configured addresses never asks
     */
    boolean learn(NodeId node, SocketAddress source);

    /**
     * A node has answered from there a moment after it was asked, or cannot prove anything with this suite. A link with
     * configured addresses has no use for it.
     *
     * @param isNewLife whether the node has started again: where it was before means nothing. If not, a link does not leave
     *     the old address while the node is heard from it
     */
    void proven(NodeId node, SocketAddress source, boolean isNewLife);

    /**
     * The members of the ring that this node is in, or is about to form, itself included: all that it sends is for them, and
     * where they are is not forgotten. A link that reaches everybody at once need not know.
     */
    default void partners(Collection<NodeId> members) {}

    /**
     * What this link has to tell the links of others, asked for when it says that it is {@linkplain Receiver#noticeDue()
     * due}; queued as one frame for everybody.
     *
     * @param bytesMax what fits
     * @return at most that much, of which only links of the same kind know the meaning; empty if there is nothing to tell
     */
    default Optional<ByteBuffer> notice(int bytesMax) {
        return Optional.empty();
    }

    /**
     * A notice of another node's link, as authentic as other frames. It may be of another kind of link, and hold anything.
     *
     * @param notice valid during the call only
     */
    default void told(NodeId by, ByteBuffer notice) {}

    /**
     * Counters and gauges, for {@link dev.totem.core.TotemNode#stats()}: those of {@link dev.totem.core.Statistics} that a link
     * has, and others of its own, whose names begin with {@code link-} too. One that is called like a statistic of the node itself
     * is not told. Any thread.
     */
    Map<Statistic, Long> statistics();

    /** Stops receiving and releases the sockets; completes when they are free. Any thread. */
    Mono<Void> close();

    /** Where a link hands over what it reads; called on the node's loop. */
    interface Receiver {

        /**
         * One read: one datagram, or several that the platform has coalesced back to back.
         *
         * @param bytes valid during the call only
         * @param source where it came from
         */
        void received(ByteBuffer bytes, SocketAddress source);

        /**
         * The link was given the addresses of others, and has refused a read that contradicts them. Its sender is not authenticated, and
         * may do so as often as it likes.
         *
         * @param claimed the node that it says it is of
         * @param source where it came from
         * @param listed the node that is known to be there; empty if none is
         */
        default void misplaced(NodeId claimed, SocketAddress source, Optional<NodeId> listed) {}

        /** The link has something to tell the links of others: it is to be asked for its {@link DatagramLink#notice notice}. */
        default void noticeDue() {}

        /**
         * The link tells the links of others something at once: a frame that holds it is queued and flushed before the call
         * returns. Those who get it are {@linkplain DatagramLink#told told}.
         *
         * @param to one node, or everybody if empty
         * @param notice of which only links of the same kind know the meaning; what fits into {@link DatagramLink#frameBytesLeast}
         * @param frameBytes how long the frame is at least, up to {@link DatagramLink#frameBytesMax}; zeros follow the notice
         */
        default void tell(Optional<NodeId> to, ByteBuffer notice, int frameBytes) {}
    }
}

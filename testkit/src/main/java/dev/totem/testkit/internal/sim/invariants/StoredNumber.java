/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim.invariants;

import dev.totem.core.NodeId;
import dev.totem.core.Statistic;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.HoldCancel;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Leave;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.message.MessageHandler;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.wire.LinkNotice;
import dev.totem.core.internal.wire.MalformedMessageException;
import dev.totem.core.internal.wire.MessageCodec;
import dev.totem.core.internal.wire.MessagePart;
import dev.totem.core.internal.wire.PartAssembly;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.PlainSeal;
import dev.totem.core.spi.RingSequenceStore;
import dev.totem.core.spi.SealSession;
import dev.totem.core.spi.SealSession.Opened;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * W10: the ring numbers in the frames that leave a life of a node are at or above the bound that its stable storage held
 * when it began, and below the one that it holds by then; that bound never goes back. So no two lives use a number that
 * either could have used. One thread.
 *
 * <p>Looks at the bytes, so that it holds for what really leaves, whatever order the node says it works in. Frames that are
 * not sealed plainly are not looked at.
 */
final class StoredNumber {

    private static final MessageHandler<Long> RING_SEQ = new RingSeq();

    private final NodeId node;
    private final Breaches breaches;
    private final SealSession session;
    private final MessageCodec codec = new MessageCodec();
    private final PartAssembly parts = new PartAssembly();
    private long loaded;
    private long kept;

    StoredNumber(NodeId node, String cluster, Breaches breaches) {
        this.node = node;
        this.breaches = breaches;
        session = PlainSeal.create().session(node, cluster);
    }

    RingSequenceStore disk(RingSequenceStore disk) {
        return new RingSequenceStore() {
            @Override
            public Mono<Long> load() {
                return disk.load().doOnNext(StoredNumber.this::loaded);
            }

            @Override
            public Mono<Void> store(long bound) {
                return disk.store(bound).doOnSuccess(nothing -> kept(bound));
            }
        };
    }

    private void loaded(long bound) {
        loaded = bound;
        kept = bound;
    }

    private void kept(long bound) {
        if (bound < kept) {
            broken("the bound goes back from " + kept + " to " + bound);
        }
        kept = bound;
    }

    DatagramLink link(DatagramLink link) {
        return new Watched(link);
    }

    private void leaves(ByteBuffer frame) {
        if (session.open(frame.duplicate()) instanceof Opened.Frame opened) {
            try {
                ByteBuffer plaintext = opened.plaintext();
                if (LinkNotice.isNotice(plaintext)) {
                    return;
                }
                Optional<ByteBuffer> whole = MessagePart.isPart(plaintext)
                        ? parts.add(MessagePart.decode(plaintext))
                        : Optional.of(plaintext);
                if (whole.isPresent()) {
                    leaves(codec.decode(whole.get()).dispatch(RING_SEQ));
                }
            } catch (MalformedMessageException foreign) {
                breaches.add(RingRule.W10, "node " + node, "a frame leaves that nobody can read: " + foreign);
            }
        }
    }

    private void leaves(long ringSeq) {
        if (ringSeq >= kept) {
            broken("a frame of ring number " + ringSeq + " leaves, but only those below " + kept + " are reserved");
        }
        if (ringSeq < loaded) {
            broken("a frame of ring number " + ringSeq + " leaves, but a former life had all below " + loaded);
        }
    }

    private void broken(String how) {
        breaches.add(RingRule.W10, "node " + node, how);
    }

    /** The link, and a look at each frame. */
    private final class Watched implements DatagramLink {

        private final DatagramLink link;

        Watched(DatagramLink link) {
            this.link = link;
        }

        @Override
        public int frameBytesMax() {
            return link.frameBytesMax();
        }

        @Override
        public int frameBytes() {
            return link.frameBytes();
        }

        @Override
        public int frameBytesLeast() {
            return link.frameBytesLeast();
        }

        @Override
        public void start(Receiver receiver) {
            link.start(receiver);
        }

        @Override
        public void multicast(ByteBuffer frame) {
            leaves(frame);
            link.multicast(frame);
        }

        @Override
        public void announce(ByteBuffer frame) {
            leaves(frame);
            link.announce(frame);
        }

        @Override
        public Optional<ByteBuffer> notice(int bytesMax) {
            return link.notice(bytesMax);
        }

        @Override
        public void told(NodeId by, ByteBuffer notice) {
            link.told(by, notice);
        }

        @Override
        public void unicast(NodeId to, ByteBuffer frame) {
            leaves(frame);
            link.unicast(to, frame);
        }

        @Override
        public void reply(SocketAddress source, ByteBuffer frame) {
            link.reply(source, frame);
        }

        @Override
        public void flush() {
            link.flush();
        }

        @Override
        public boolean learn(NodeId other, SocketAddress source) {
            return link.learn(other, source);
        }

        @Override
        public void proven(NodeId other, SocketAddress source, boolean isNewLife) {
            link.proven(other, source, isNewLife);
        }

        @Override
        public void partners(Collection<NodeId> members) {
            link.partners(members);
        }

        @Override
        public Map<Statistic, Long> statistics() {
            return link.statistics();
        }

        @Override
        public Mono<Void> close() {
            return link.close();
        }
    }

    /** The number of the ring that a message is of. */
    private record RingSeq() implements MessageHandler<Long> {

        @Override
        public Long regularMessage(RegularMessage message) {
            return message.ring().seq();
        }

        @Override
        public Long recoveredMessage(RecoveredMessage message) {
            return message.ring().seq();
        }

        @Override
        public Long regularToken(RegularToken token) {
            return token.ring().seq();
        }

        @Override
        public Long commitToken(CommitToken token) {
            return token.ring().seq();
        }

        @Override
        public Long join(Join join) {
            return join.ringSeq();
        }

        @Override
        public Long leave(Leave leave) {
            return leave.ringSeq();
        }

        @Override
        public Long mergeDetect(MergeDetect detect) {
            return detect.ring().seq();
        }

        @Override
        public Long holdCancel(HoldCancel cancel) {
            return cancel.ring().seq();
        }
    }
}

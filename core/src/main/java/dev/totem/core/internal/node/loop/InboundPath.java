/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.loop;

import dev.totem.core.ChangeCause;
import dev.totem.core.NodeId;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.node.environment.NodeEnvironment;
import dev.totem.core.internal.node.keys.KeyRotation;
import dev.totem.core.internal.node.observe.NodeObserver;
import dev.totem.core.internal.node.observe.RefusedFrame;
import dev.totem.core.internal.protocol.Input;
import dev.totem.core.internal.wire.LinkNotice;
import dev.totem.core.internal.wire.MalformedMessageException;
import dev.totem.core.internal.wire.MessageCodec;
import dev.totem.core.internal.wire.MessagePart;
import dev.totem.core.internal.wire.PartAssembly;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.OpenFailure;
import dev.totem.core.spi.SealHeader;
import dev.totem.core.spi.SealSession;
import dev.totem.core.spi.SealSession.Opened;
import dev.totem.core.spi.SealSession.ProofStep;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * From what the link reads to inputs of the machine. Node loop only.
 *
 * <p>All that the sockets hold is one batch. Tokens are its last inputs, so that a message that was sent before the token is
 * not reported missing ({@code PROTOCOL.md} 4.1 step 4); what has become deliverable is dispatched after the token has left.
 */
public final class InboundPath implements DatagramLink.Receiver {

    /** One token is on its way, and copies of it; what exceeds this is a flood, and a lost token is sent again. */
    private static final int TOKENS_MAX = 64;

    /** Refused frames are noted so often as a possible cause of a change, of each kind. */
    private static final long REFUSED_NANOS = 50_000_000;

    private final NodeEnvironment environment;
    private final SealSession session;
    private final OutboundPath outbound;
    private final KeyRotation rotation;
    private final NodeObserver observer;
    private final NodeLoop loop;
    private final MessageCodec codec = new MessageCodec();
    private final PartAssembly parts = new PartAssembly();
    private final Queue<ProtocolMessage> tokens = new ArrayDeque<>();
    private final ReplyBudget replies = new ReplyBudget();
    private final Map<ChangeCause.KeyUnknown.Why, Long> refusedNanos = new EnumMap<>(ChangeCause.KeyUnknown.Why.class);
    private boolean isBatchDue;

    public InboundPath(
            NodeEnvironment environment,
            SealSession session,
            OutboundPath outbound,
            KeyRotation rotation,
            NodeObserver observer,
            NodeLoop loop) {
        this.environment = environment;
        this.session = session;
        this.outbound = outbound;
        this.rotation = rotation;
        this.observer = observer;
        this.loop = loop;
    }

    @Override
    public void received(ByteBuffer bytes, SocketAddress source) {
        loop.gather(() -> openAll(bytes, source));
        if (!isBatchDue) {
            isBatchDue = true;
            environment.scheduler().execute(this::batch);
        }
    }

    @Override
    public void misplaced(NodeId claimed, SocketAddress source, Optional<NodeId> listed) {
        observer.health().sightings().misplaced(claimed, source, listed);
    }

    @Override
    public void noticeDue() {
        if (!loop.isEnded()) {
            loop.gather(() -> {
                outbound.notice();
                outbound.flush();
            });
        }
    }

    @Override
    public void tell(Optional<NodeId> to, ByteBuffer notice, int frameBytes) {
        if (!loop.isEnded()) {
            loop.gather(() -> {
                outbound.tell(to, notice, frameBytes);
                outbound.flush();
            });
        }
    }

    private void batch() {
        isBatchDue = false;
        loop.batch(this::passTokens);
    }

    private void openAll(ByteBuffer bytes, SocketAddress source) {
        session.readAt(loop.batchNanos());
        int before = bytes.remaining() + 1;
        boolean isGood = true;
        while (isGood && !loop.isEnded() && bytes.hasRemaining() && bytes.remaining() < before) {
            before = bytes.remaining();
            isGood = open(bytes, source);
        }
        rotation.heard();
    }

    /** Says whether what follows in the same read is worth a look: nobody of ours puts good frames behind a bad one. */
    private boolean open(ByteBuffer bytes, SocketAddress source) {
        int at = bytes.position();
        Opened opened = session.open(bytes);
        if (opened instanceof Opened.Frame frame) {
            observer.health().sightings().read(bytes.position() - at);
            return decode(frame, source);
        } else if (opened instanceof Opened.Proof proof) {
            proof(proof, source);
            return true;
        } else if (opened instanceof Opened.Refused refused) {
            refused(refused.reason(), bytes, at, source);
        }
        return false;
    }

    private boolean decode(Opened.Frame frame, SocketAddress source) {
        ByteBuffer plaintext = frame.plaintext();
        try {
            if (LinkNotice.isNotice(plaintext)) {
                ByteBuffer notice = LinkNotice.decode(plaintext).content();
                learn(frame.transmitter(), source);
                environment.link().told(frame.transmitter(), notice);
                return true;
            }
            Optional<ByteBuffer> whole =
                    MessagePart.isPart(plaintext) ? parts.add(MessagePart.decode(plaintext)) : Optional.of(plaintext);
            if (whole.isPresent()) {
                ProtocolMessage message = codec.decode(whole.get());
                learn(frame.transmitter(), source);
                take(message);
            }
            return true;
        } catch (MalformedMessageException malformed) {
            observer.counters().malformedMessage();
            return false;
        }
    }

    private void learn(NodeId node, SocketAddress source) {
        DatagramLink link = environment.link();
        if (!link.learn(node, source)) {
            return;
        }
        if (!session.isAuthentic()) {
            link.proven(node, source, false);
        } else if (replies.take(source, loop.batchNanos())) {
            // One each, as a frame opens once: who sends the first on cannot silence the second.
            session.challenge(node).ifPresent(question -> outbound.reply(source, question));
            session.challenge(node).ifPresent(question -> outbound.forward(node, question));
        }
    }

    private void proof(Opened.Proof proof, SocketAddress source) {
        ProofStep step = proof.step();
        observer.proof(proof.transmitter(), step, source);
        if (step == ProofStep.LIVES_PROVEN || step == ProofStep.PATHS_PROVEN) {
            environment.link().proven(proof.transmitter(), source, step == ProofStep.LIVES_PROVEN);
        }
        if (proof.reply().isPresent() && replies.take(source, loop.batchNanos())) {
            outbound.reply(source, proof.reply().get());
        }
    }

    private void refused(OpenFailure reason, ByteBuffer bytes, int at, SocketAddress source) {
        observer.refused(new RefusedFrame(reason, source, bytes, at));
        why(reason).ifPresent(this::note);
        if (reason == OpenFailure.OTHER_SUITE) {
            observer.log()
                    .otherSuite(
                            SealHeader.suiteAt(bytes, at), environment.seal().suite());
        } else if (reason == OpenFailure.OTHER_KEY) {
            rotation.lacking();
        }
    }

    /** As a possible cause of the next change; not for each frame of a flood. */
    private void note(ChangeCause.KeyUnknown.Why why) {
        long nowNanos = loop.batchNanos();
        Long before = refusedNanos.get(why);
        if (before == null || nowNanos - before >= REFUSED_NANOS) {
            refusedNanos.put(why, nowNanos);
            loop.step(new Input.Refused(why));
        }
    }

    private static Optional<ChangeCause.KeyUnknown.Why> why(OpenFailure reason) {
        return switch (reason) {
            case OTHER_KEY -> Optional.of(ChangeCause.KeyUnknown.Why.OTHER_KEY);
            case OTHER_SUITE -> Optional.of(ChangeCause.KeyUnknown.Why.OTHER_SUITE);
            case NOT_AUTHENTIC -> Optional.of(ChangeCause.KeyUnknown.Why.NOT_AUTHENTIC);
            case MALFORMED, OTHER_CLUSTER, OTHER_RECEIVER, REPLAYED, COPIED, UNPROVEN, OVER_LIMIT -> Optional.empty();
        };
    }

    private void take(ProtocolMessage message) {
        if (message instanceof RegularToken || message instanceof CommitToken) {
            keep(message);
        } else {
            loop.step(new Input.Received(message));
        }
    }

    private void keep(ProtocolMessage token) {
        if (tokens.size() >= TOKENS_MAX) {
            observer.counters().tokenOverrun();
            return;
        }
        tokens.add(token);
    }

    private void passTokens() {
        for (ProtocolMessage token = tokens.poll(); token != null; token = tokens.poll()) {
            loop.step(new Input.Received(token));
        }
    }
}

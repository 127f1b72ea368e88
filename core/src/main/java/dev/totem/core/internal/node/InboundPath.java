/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RegularToken;
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
import dev.totem.core.spi.SuiteName;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * From what the link reads to inputs of the machine. Node loop only.
 *
 * <p>All that the sockets hold is one batch. Tokens are its last inputs, so that a message that was sent before the token is
 * not reported missing ({@code PROTOCOL.md} 4.1 step 4); what has become deliverable is dispatched after the token has left.
 */
final class InboundPath implements DatagramLink.Receiver {

    /** One token is on its way, and copies of it; what exceeds this is a flood, and a lost token is sent again. */
    private static final int TOKENS_MAX = 64;

    private final NodeEnvironment environment;
    private final SealSession session;
    private final OutboundPath outbound;
    private final KeyRotation rotation;
    private final NodeObserver observer;
    private final NodeLoop loop;
    private final MessageCodec codec = new MessageCodec();
    private final PartAssembly parts = new PartAssembly();
    private final Queue<ProtocolMessage> tokens = new ArrayDeque<>();
    private boolean isBatchDue;

    InboundPath(
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
    public void readComplete() {}

    @Override
    public void noticeDue() {
        if (!loop.isEnded()) {
            loop.gather(() -> {
                outbound.notice();
                outbound.flush();
            });
        }
    }

    private void batch() {
        isBatchDue = false;
        loop.batch(this::passTokens);
    }

    private void openAll(ByteBuffer bytes, SocketAddress source) {
        session.readAt(environment.scheduler().nowNanos());
        int before = bytes.remaining() + 1;
        while (!loop.isEnded() && bytes.hasRemaining() && bytes.remaining() < before) {
            before = bytes.remaining();
            int at = bytes.position();
            Opened opened = session.open(bytes);
            if (opened instanceof Opened.Frame frame) {
                if (LinkNotice.isNotice(frame.plaintext())) {
                    tell(frame, source);
                } else {
                    decode(frame.plaintext()).ifPresent(message -> {
                        environment.link().learn(frame.transmitter(), source);
                        take(message);
                    });
                }
            } else if (opened instanceof Opened.Proof proof) {
                observer.counters().proof(proof.step());
                proof.reply().ifPresent(frame -> outbound.reply(source, frame));
            } else if (opened instanceof Opened.Refused refused) {
                observer.refused(refused.reason());
                if (refused.reason() == OpenFailure.OTHER_SUITE) {
                    String theirs = SuiteName.describe(SealHeader.suiteAt(bytes, at));
                    observer.log().otherSuite(theirs, environment.seal().suite());
                } else if (refused.reason() == OpenFailure.OTHER_KEY) {
                    rotation.lacking();
                }
            }
        }
        rotation.heard();
    }

    private void tell(Opened.Frame frame, SocketAddress source) {
        try {
            ByteBuffer notice = LinkNotice.decode(frame.plaintext()).content();
            environment.link().learn(frame.transmitter(), source);
            environment.link().told(frame.transmitter(), notice);
        } catch (MalformedMessageException malformed) {
            observer.counters().malformedMessage();
        }
    }

    private Optional<ProtocolMessage> decode(ByteBuffer plaintext) {
        try {
            Optional<ByteBuffer> whole =
                    MessagePart.isPart(plaintext) ? parts.add(MessagePart.decode(plaintext)) : Optional.of(plaintext);
            return whole.isPresent() ? Optional.of(codec.decode(whole.get())) : Optional.empty();
        } catch (MalformedMessageException malformed) {
            observer.counters().malformedMessage();
            return Optional.empty();
        }
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

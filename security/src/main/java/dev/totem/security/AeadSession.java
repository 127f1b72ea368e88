/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.NodeId;
import dev.totem.core.spi.OpenFailure;
import dev.totem.core.spi.SealHeader;
import dev.totem.core.spi.SealKeys;
import dev.totem.core.spi.SealSession;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One life of a node that seals. Node loop only.
 *
 * <p>A nonce is the counter of the life, and each life has keys of its own, one for each part of it and each master key: no
 * key sees a nonce twice, across restarts too. The counter goes on when the part or the master key changes, so one window a
 * sender tells replays whatever a frame is sealed with.
 *
 * <p>Buffers that have no array cost one more copy.
 */
final class AeadSession implements SealSession {

    /** More than twice the largest ring, so that members and their restarts do not push each other out. */
    private static final int SENDER_LIVES_MAX = 1_024;

    /** Lives never heard of that are looked at in a second: each costs a key derivation. */
    private static final int STRANGERS_MAX = 1_024;

    /** Challenges and answers in a second, more than the largest ring needs to form at once. */
    private static final int REPLIES_MAX = 2_048;

    /** Whom a frame is for, behind the header; the guard follows. */
    static final int RECEIVER_AT = SealHeader.BYTES;

    static final int GUARD_AT = RECEIVER_AT + Integer.BYTES;

    /** In the clear, and authenticated. */
    static final int CLEAR_BYTES = GUARD_AT + Guard.BYTES;

    private static final int EVERYBODY = 0;

    static final int OVERHEAD_BYTES = CLEAR_BYTES + Aead.TAG_BYTES;
    private static final int PROOF_FRAME_BYTES = OVERHEAD_BYTES + ProofText.BYTES;
    static final int COUNTER_AT = Aead.NONCE_BYTES - Long.BYTES;

    private final SessionKeys keys;
    private final Aead.Factory ciphers;
    private final RandomGenerator random;
    private final long partFrames;
    private final NodeId self;

    private final SenderLives senders = new SenderLives(SENDER_LIVES_MAX);
    private final Allowance strangers = new Allowance(STRANGERS_MAX);
    private final Allowance replies = new Allowance(REPLIES_MAX);
    private final ByteBuffer nonce = ByteBuffer.allocate(Aead.NONCE_BYTES);
    private final ByteBuffer scratch = ByteBuffer.allocate(SealHeader.FRAME_BYTES_MAX);
    private final byte[] text = new byte[SealHeader.FRAME_BYTES_MAX];
    private final ByteBuffer reply = ByteBuffer.allocate(PROOF_FRAME_BYTES);
    private final byte[] clear = new byte[CLEAR_BYTES];
    private final int directFromBytes;
    private final FrameOpening opening;

    private long life;
    private long counter;
    private long nowNanos;
    private int turn;
    private int turns = 1;

    /** @param partFrames how many frames are sealed with a key before the life goes on with the next */
    AeadSession(SessionKeys keys, Aead.Factory ciphers, RandomGenerator random, long partFrames) {
        this.keys = keys;
        this.ciphers = ciphers;
        this.random = random;
        this.partFrames = partFrames;
        this.directFromBytes = ciphers.directFromBytes();
        this.opening = new FrameOpening(ciphers, partFrames);
        this.self = keys.header().sender();
        this.life = random.nextLong();
        keys.onRetired(senders::forget);
    }

    @Override
    public int overheadBytes() {
        return OVERHEAD_BYTES;
    }

    @Override
    public ByteBuffer buffer(int bytes) {
        return directFromBytes == Integer.MAX_VALUE ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
    }

    @Override
    public SealKeys keys() {
        return keys;
    }

    @Override
    public void seal(ByteBuffer plaintext, ByteBuffer frame) {
        seal(EVERYBODY, plaintext, frame);
    }

    @Override
    public void seal(NodeId to, ByteBuffer plaintext, ByteBuffer frame) {
        seal(to.value(), plaintext, frame);
    }

    private void seal(int receiver, ByteBuffer plaintext, ByteBuffer frame) {
        int frameBytes = plaintext.remaining() + OVERHEAD_BYTES;
        if (frameBytes > frame.remaining()) {
            throw new BufferOverflowException();
        }
        if (frame.hasArray()) {
            int at = frame.position();
            seal(keys.sealingKey(), SealHeader.KIND_PROTOCOL, receiver, plaintext, frame, frameBytes);
            frame.position(at + frameBytes);
        } else if (frame.isDirect() && plaintext.isDirect() && plaintext.remaining() >= directFromBytes) {
            sealDirect(keys.sealingKey(), receiver, plaintext, frame, frameBytes);
        } else {
            seal(keys.sealingKey(), SealHeader.KIND_PROTOCOL, receiver, plaintext, scratch.clear(), frameBytes);
            frame.put(scratch.array(), 0, frameBytes);
        }
    }

    private void seal(SessionKey key, byte kind, int receiver, ByteBuffer plaintext, ByteBuffer frame, int frameBytes) {
        byte[] bytes = frame.array();
        int at = frame.arrayOffset() + frame.position();
        int length = plaintext.remaining();
        long number = counter++;
        Aead cipher = key.sealing(life, partOf(number), number, ciphers);
        key.header().write(frame, frameBytes, kind, life, number);
        frame.putInt(receiver);
        frame.putInt(key.guard().of(bytes, at, GUARD_AT));
        if (plaintext.hasArray()) {
            int from = plaintext.arrayOffset() + plaintext.position();
            cipher.seal(nonce(number), plaintext.array(), from, length, bytes, at, CLEAR_BYTES);
            plaintext.position(plaintext.limit());
        } else {
            // Not to where it will be sealed: the JDK's cipher makes a copy of what it is to replace.
            plaintext.get(text, 0, length);
            cipher.seal(nonce(number), text, 0, length, bytes, at, CLEAR_BYTES);
        }
    }

    private void sealDirect(SessionKey key, int receiver, ByteBuffer plaintext, ByteBuffer frame, int frameBytes) {
        int at = frame.position();
        long number = counter++;
        Aead cipher = key.sealing(life, partOf(number), number, ciphers);
        key.header().write(frame, frameBytes, SealHeader.KIND_PROTOCOL, life, number);
        frame.putInt(receiver);
        frame.get(at, clear, 0, GUARD_AT);
        frame.putInt(key.guard().of(clear, 0, GUARD_AT));
        frame.get(at, clear, 0, CLEAR_BYTES);
        cipher.sealDirect(nonce(number), clear, plaintext, frame);
    }

    @Override
    public void readAt(long now) {
        nowNanos = now;
        keys.readAt(now);
    }

    @Override
    public void renew() {
        keys.renew();
        counter = 0;
        // A copy of this process has a copy of the generator, but not at the same time.
        life = random.nextLong() ^ (System.nanoTime() + System.currentTimeMillis()) * 0x9E3779B97F4A7C15L;
    }

    @Override
    public boolean isAuthentic() {
        return true;
    }

    @Override
    public boolean isProven(NodeId node) {
        return senders.isProven(node.value());
    }

    @Override
    public void turn(int index, int of) {
        turn = index;
        turns = of;
    }

    @Override
    public Optional<ByteBuffer> challenge(NodeId node) {
        SenderLife sender = senders.live(node.value());
        if (sender == null || !replies.take(nowNanos)) {
            return Optional.empty();
        }
        ProofText text = new ProofText(sender.number(), sender.challenge(fresh(), nowNanos), 0);
        return Optional.of(sealed(keys.sealingKey(), SealHeader.KIND_CHALLENGE, sender, text));
    }

    @Override
    public Opened open(ByteBuffer frames) {
        int at = frames.position();
        int frameBytes = SealHeader.skipFrame(frames);
        if (frameBytes == SealHeader.NO_FRAME) {
            return refused(OpenFailure.MALFORMED);
        }
        Optional<OpenFailure> refusal = keys.header().refusal(frames, at);
        if (refusal.isPresent()) {
            return refused(refusal.get());
        }
        if (frameBytes < OVERHEAD_BYTES) {
            return refused(OpenFailure.MALFORMED);
        }
        SessionKey key = keys.find(SealHeader.keyIdAt(frames, at));
        if (key == null) {
            keys.lacked(SealHeader.keyIdAt(frames, at));
            return refused(OpenFailure.OTHER_KEY);
        }
        if (frames.hasArray()) {
            return open(key, frames, at, frameBytes, frames.array(), frames.arrayOffset() + at);
        }
        frames.get(at, clear, 0, CLEAR_BYTES);
        return open(key, frames, at, frameBytes, clear, 0);
    }

    /** @param clear where the clear bytes are at {@code clearAt}: the array of the frames, or a copy of these alone */
    private Opened open(SessionKey key, ByteBuffer frames, int at, int frameBytes, byte[] clear, int clearAt) {
        if (key.guard().of(clear, clearAt, GUARD_AT) != frames.getInt(at + GUARD_AT)) {
            return refused(OpenFailure.NOT_AUTHENTIC);
        }
        int receiver = frames.getInt(at + RECEIVER_AT);
        if (receiver != EVERYBODY && receiver != self.value()) {
            return refused(OpenFailure.OTHER_RECEIVER);
        }
        int node = SealHeader.senderAt(frames, at);
        long number = SealHeader.lifeAt(frames, at);
        if (number == life && node == self.value()) {
            return refused(isOfACopy(key, frames, at, frameBytes) ? OpenFailure.COPIED : OpenFailure.REPLAYED);
        }
        long frame = SealHeader.counterAt(frames, at);
        byte kind = SealHeader.kindAt(frames, at);
        SenderLife known = senders.find(node, number);
        boolean isUnproven = kind == SealHeader.KIND_PROTOCOL && (known == null || !known.isProven());
        if (isUnproven && receiver == EVERYBODY && !isOurTurn(number, frame)) {
            return refused(OpenFailure.UNPROVEN);
        }
        if (known == null) {
            return openFirst(key, new FrameId(node, number, frame, kind), frames, at, frameBytes);
        }
        if (!known.isFresh(frame)) {
            return refused(OpenFailure.REPLAYED);
        }
        if (isUnproven && !known.mayBeChallenged(nowNanos)) {
            return refused(OpenFailure.UNPROVEN);
        }
        if (!known.mayTry(frame, nowNanos)) {
            return refused(OpenFailure.OVER_LIMIT);
        }
        byte[] plaintext = opening.open(key, known, frames, at, frameBytes);
        if (plaintext == null) {
            known.failed(frame);
            return refused(OpenFailure.NOT_AUTHENTIC);
        }
        known.mark(frame);
        return take(key, known, kind, frame, plaintext);
    }

    /** Whether somebody seals as this life what it has not sealed yet; then it goes on as another one. */
    private boolean isOfACopy(SessionKey key, ByteBuffer frames, int at, int frameBytes) {
        if (SealHeader.counterAt(frames, at) < counter || !strangers.take(nowNanos)) {
            return false;
        }
        SenderLife copy = new SenderLife(self, life);
        boolean isAuthentic = opening.open(key, copy, frames, at, frameBytes) != null;
        copy.close();
        if (isAuthentic) {
            renew();
        }
        return isAuthentic;
    }

    private record FrameId(int node, long life, long counter, byte kind) {}

    /** A frame of a life never heard of, for which a key is derived. */
    private Opened openFirst(SessionKey key, FrameId id, ByteBuffer frames, int at, int frameBytes) {
        if (!senders.mayTry(id.node, id.life, id.counter, nowNanos) || !strangers.take(nowNanos)) {
            return refused(OpenFailure.OVER_LIMIT);
        }
        SenderLife sender = new SenderLife(NodeId.of(id.node), id.life);
        byte[] plaintext = opening.open(key, sender, frames, at, frameBytes);
        if (plaintext == null) {
            senders.failed(id.node, id.life, id.counter);
            return refused(OpenFailure.NOT_AUTHENTIC);
        }
        senders.add(sender);
        sender.mark(id.counter);
        return take(key, sender, id.kind, id.counter, plaintext);
    }

    /** Whether it is this node that asks for the proof of a life, of all that hear the same frame of it. */
    private boolean isOurTurn(long number, long frame) {
        return turns == 1 || Math.floorMod(((number ^ frame) * 0x9E3779B97F4A7C15L) >>> 33, (long) turns) == turn;
    }

    private Opened take(SessionKey key, SenderLife sender, byte kind, long number, byte[] plaintext) {
        if (kind == SealHeader.KIND_PROTOCOL) {
            if (sender.isProven()) {
                keys.heard(key);
                return new Opened.Frame(sender.node(), ByteBuffer.wrap(plaintext));
            }
            // No answer is larger than what it answers, so a forged source address gains nothing.
            return plaintext.length < ProofText.BYTES ? refused(OpenFailure.UNPROVEN) : challenge(key, sender);
        }
        Optional<ProofText> text = ProofText.read(plaintext);
        if (text.isEmpty()) {
            return refused(OpenFailure.MALFORMED);
        }
        return kind == SealHeader.KIND_CHALLENGE
                ? answer(key, sender, text.get(), ProofStep.CHALLENGES_ANSWERED)
                : answered(key, sender, number, text.get());
    }

    private Opened challenge(SessionKey key, SenderLife sender) {
        if (!replies.take(nowNanos)) {
            return refused(OpenFailure.OVER_LIMIT);
        }
        long challenge = sender.challenge(fresh(), nowNanos);
        ProofText text = new ProofText(sender.number(), challenge, 0);
        return new Opened.Proof(
                sender.node(),
                ProofStep.LIVES_CHALLENGED,
                Optional.of(sealed(key, SealHeader.KIND_CHALLENGE, sender, text)));
    }

    /** Answers, and asks in return if need be. */
    private Opened answer(SessionKey key, SenderLife sender, ProofText asked, ProofStep step) {
        if (asked.life() != life) {
            return refused(OpenFailure.REPLAYED);
        }
        if (!replies.take(nowNanos)) {
            return refused(OpenFailure.OVER_LIMIT);
        }
        long challenge = sender.isProven() ? 0 : sender.challenge(fresh(), nowNanos);
        ProofText text = new ProofText(sender.number(), challenge, asked.challenge());
        return new Opened.Proof(sender.node(), step, Optional.of(sealed(key, SealHeader.KIND_ANSWER, sender, text)));
    }

    private Opened answered(SessionKey key, SenderLife sender, long number, ProofText text) {
        if (text.life() != life) {
            return refused(OpenFailure.REPLAYED);
        }
        if (!sender.isAnswer(text.answer(), nowNanos)) {
            return new Opened.Proof(sender.node(), ProofStep.ANSWERS_UNUSED, Optional.empty());
        }
        ProofStep step = sender.isProven() ? ProofStep.PATHS_PROVEN : ProofStep.LIVES_PROVEN;
        if (step == ProofStep.LIVES_PROVEN) {
            senders.prove(sender, number);
        }
        keys.heard(key);
        Opened proven = new Opened.Proof(sender.node(), step, Optional.empty());
        if (text.challenge() == 0) {
            return proven;
        }
        Opened answer = answer(key, sender, text, step);
        return answer instanceof Opened.Proof ? answer : proven;
    }

    private ByteBuffer sealed(SessionKey key, byte kind, SenderLife to, ProofText text) {
        seal(key, kind, to.node().value(), text.encode(), reply.clear(), PROOF_FRAME_BYTES);
        return reply.clear();
    }

    /** Not 0, which asks nothing. */
    private long fresh() {
        return random.nextLong() | 1;
    }

    private static Opened refused(OpenFailure reason) {
        return Opened.Refused.of(reason);
    }

    @Override
    public void close() {
        senders.close();
        keys.close();
    }

    private int partOf(long number) {
        return (int) (number / partFrames);
    }

    private byte[] nonce(long number) {
        return nonce.putLong(COUNTER_AT, number).array();
    }
}

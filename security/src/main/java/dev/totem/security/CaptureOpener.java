/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.spi.OpenFailure;
import dev.totem.core.spi.SealHeader;
import dev.totem.core.spi.SealSession.Opened;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Opens sealed frames of a capture: of any node, for any node, in any order, as often as wanted. For who looks at what was sent;
 * it says what is authentic and nothing of whether it is fresh, so no node may use it. One thread at a time.
 */
public final class CaptureOpener implements AutoCloseable {

    /** Lives whose ciphers are kept; another one costs a key derivation. */
    private static final int CIPHERS_MAX = 1_024;

    private static final int BYTE = 0xFF;

    private final KeyRing ring;
    private final String cluster;
    private final int clusterTag;
    private final Map<CipherSuite, Aead.Factory> factories = new EnumMap<>(CipherSuite.class);
    private final Map<Integer, SessionKey> keys = new HashMap<>();
    private final Map<LifePart, Aead> ciphers = new LinkedHashMap<>();

    private record LifePart(int suite, int keyId, int node, long life, int part) {}

    private CaptureOpener(KeyRing ring, String cluster) {
        this.ring = ring;
        this.cluster = cluster;
        this.clusterTag = SealHeader.clusterTag(cluster);
    }

    /**
     * Reads a key file. Blocks.
     *
     * @param cluster the name of the cluster, from which keys are derived too
     * @throws ConfigurationException as {@link AeadSeal#fromKeyFile(Path)}
     */
    public static CaptureOpener fromKeyFile(Path file, String cluster) {
        requireNonNull(file, "file");
        requireNonNull(cluster, "cluster");
        return new CaptureOpener(KeyFile.read(file), cluster);
    }

    /**
     * Whom a sealed frame is for, a node id, as it says itself; 0 for everybody, and where the frame is too short to say.
     *
     * @param at where {@link SealHeader#skipFrame} found the frame
     */
    public static int receiverAt(ByteBuffer frames, int at) {
        requireNonNull(frames, "frames");
        boolean isThere = at + AeadSession.GUARD_AT <= frames.limit();
        return isThere ? frames.getInt(at + AeadSession.RECEIVER_AT) : 0;
    }

    /**
     * Opens the first frame, and moves past it; past everything if its end cannot be told.
     *
     * @param frames one or more frames back to back, big-endian
     * @return a frame of whatever kind with its plaintext; or the refusals {@code MALFORMED}, {@code OTHER_CLUSTER}, {@code
     *     OTHER_SUITE} of a suite that takes no key, {@code OTHER_KEY}, and {@code NOT_AUTHENTIC}; never throws for bad bytes
     */
    public Opened open(ByteBuffer frames) {
        requireNonNull(frames, "frames");
        int at = frames.position();
        int frameBytes = SealHeader.skipFrame(frames);
        if (frameBytes == SealHeader.NO_FRAME) {
            return Opened.Refused.of(OpenFailure.MALFORMED);
        }
        Optional<CipherSuite> suite = suite(SealHeader.suiteAt(frames, at));
        if (suite.isEmpty()) {
            return Opened.Refused.of(OpenFailure.OTHER_SUITE);
        }
        SealHeader ours = new SealHeader(suite.get().id(), 0, clusterTag, NodeId.of(1));
        Optional<OpenFailure> refusal = ours.refusal(frames, at);
        if (refusal.isPresent()) {
            return Opened.Refused.of(refusal.get());
        }
        if (frameBytes < AeadSession.OVERHEAD_BYTES) {
            return Opened.Refused.of(OpenFailure.MALFORMED);
        }
        SessionKey key = key(suite.get(), SealHeader.keyIdAt(frames, at));
        if (key == null) {
            return Opened.Refused.of(OpenFailure.OTHER_KEY);
        }
        byte[] frame = new byte[frameBytes];
        frames.get(at, frame);
        return open(suite.get(), key, frame);
    }

    private Opened open(CipherSuite suite, SessionKey key, byte[] bytes) {
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        NodeId sender = NodeId.of(SealHeader.senderAt(frame, 0));
        long number = SealHeader.counterAt(frame, 0);
        if (number < 0 || key.guard().of(bytes, 0, AeadSession.GUARD_AT) != frame.getInt(AeadSession.GUARD_AT)) {
            return Opened.Refused.of(OpenFailure.NOT_AUTHENTIC);
        }
        long part = number / AeadSeal.PART_FRAMES;
        LifePart id = new LifePart(suite.id(), key.id(), sender.value(), SealHeader.lifeAt(frame, 0), (int) part);
        Aead cipher = ciphers.computeIfAbsent(
                id, life -> key.cipherOf(life.node(), life.life(), life.part(), factory(suite)));
        byte[] nonce = new byte[Aead.NONCE_BYTES];
        ByteBuffer.wrap(nonce).putLong(AeadSession.COUNTER_AT, number);
        byte[] plaintext = new byte[bytes.length - AeadSession.OVERHEAD_BYTES];
        boolean isAuthentic = cipher.open(nonce, bytes, 0, AeadSession.CLEAR_BYTES, bytes.length, plaintext);
        if (ciphers.size() > CIPHERS_MAX) {
            LifePart oldest = ciphers.keySet().iterator().next();
            Optional.ofNullable(ciphers.remove(oldest)).ifPresent(Aead::close);
        }
        return isAuthentic
                ? new Opened.Frame(sender, ByteBuffer.wrap(plaintext))
                : Opened.Refused.of(OpenFailure.NOT_AUTHENTIC);
    }

    private Aead.Factory factory(CipherSuite suite) {
        return factories.computeIfAbsent(suite, AeadSelection::select);
    }

    private static Optional<CipherSuite> suite(int number) {
        return Stream.of(CipherSuite.values())
                .filter(suite -> suite.id() == number)
                .findFirst();
    }

    private @Nullable SessionKey key(CipherSuite suite, int id) {
        int known = suite.id() * (BYTE + 1) + id;
        SessionKey made = keys.get(known);
        if (made == null) {
            made = ring.of(id).map(master -> sessionKey(suite, master)).orElse(null);
            if (made != null) {
                keys.put(known, made);
            }
        }
        return made;
    }

    private SessionKey sessionKey(CipherSuite suite, MasterKey master) {
        return new SessionKey(
                new SealHeader(suite.id(), master.id(), clusterTag, NodeId.of(1)),
                new KeyDerivation(master.key(), suite.text(), cluster));
    }

    /** Wipes the keys. */
    @Override
    public void close() {
        ciphers.values().forEach(Aead::close);
        ciphers.clear();
        keys.values().forEach(SessionKey::close);
        keys.clear();
        ring.erase();
    }
}

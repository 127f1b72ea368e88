/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.NodeId;
import dev.totem.core.spi.SealHeader;
import dev.totem.core.spi.SealKeys;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The master keys of a session, from old to new. Node loop only. */
final class SessionKeys implements SealKeys {

    private final CipherSuite suite;
    private final String cluster;
    private final int clusterTag;
    private final NodeId self;
    private final Supplier<KeyRing> ring;
    private final List<SessionKey> keys = new ArrayList<>();
    private final BitSet retired = new BitSet();
    private IntConsumer onRetired = id -> {};
    private SessionKey sealing;
    private int newestHeard;
    private int lastLacked;
    private final RotationPolicy rotation;
    private final boolean isRotating;
    private final Supplier<Hmac> hmacs;
    private boolean isTimed;
    private long sinceNanos;
    private long nowNanos;
    private long sealedFrames;

    /** @param ring what was read last */
    SessionKeys(
            CipherSuite suite,
            String cluster,
            NodeId self,
            Supplier<KeyRing> ring,
            RotationPolicy rotation,
            Supplier<Hmac> hmacs) {
        this.hmacs = hmacs;
        this.rotation = rotation;
        this.isRotating = !rotation.equals(RotationPolicy.NEVER);
        this.suite = suite;
        this.cluster = cluster;
        this.clusterTag = SealHeader.clusterTag(cluster);
        this.self = self;
        this.ring = ring;
        KeyRing first = ring.get();
        for (MasterKey key : first.keys()) {
            keys.add(sessionKey(key));
        }
        this.sealing = keys.stream()
                .filter(key -> key.id() == first.active())
                .findFirst()
                .orElseThrow();
        retireOlder();
    }

    /** Who forgets what he has derived from a key when it is retired. */
    void onRetired(IntConsumer action) {
        onRetired = action;
    }

    /** The header of the key that seals. */
    SealHeader header() {
        return sealing.header();
    }

    /** For one frame. */
    SessionKey sealingKey() {
        sealedFrames++;
        return sealing;
    }

    /** The key with an id, if its frames open. */
    @Nullable
    SessionKey find(int id) {
        if (sealing.id() == id) {
            return sealing;
        }
        for (SessionKey key : keys) {
            if (key.id() == id) {
                return key;
            }
        }
        return null;
    }

    /** A live member has sealed with a key. */
    void heard(SessionKey key) {
        if (key.id() != newestHeard && (newestHeard == 0 || isAfter(key.id(), newestHeard))) {
            newestHeard = key.id();
        }
    }

    /** It is later now. */
    void readAt(long now) {
        nowNanos = now;
        if (!isTimed) {
            isTimed = true;
            sinceNanos = now;
        }
    }

    /** A new life begins: its first frame has number 0 again. */
    void renew() {
        keys.forEach(SessionKey::renew);
    }

    @Override
    public boolean isDue() {
        return isRotating && rotation.isDue(nowNanos - sinceNanos, sealedFrames);
    }

    @Override
    public int next() {
        int after = keys.indexOf(sealing) + 1;
        return after < keys.size() ? keys.get(after).id() : 0;
    }

    void lacked(int id) {
        lastLacked = id;
    }

    @Override
    public int sealing() {
        return sealing.id();
    }

    @Override
    public boolean has(int id) {
        return find(id) != null;
    }

    @Override
    public boolean isNewer(int id) {
        return isAfter(id, sealing.id());
    }

    @Override
    public void refresh() {
        for (MasterKey key : ring.get().keys()) {
            if (!retired.get(key.id()) && !has(key.id())) {
                keys.add(sessionKey(key));
            }
        }
    }

    @Override
    public void sealWith(int id) {
        sealing = keyOf(id);
        sealedFrames = 0;
        sinceNanos = nowNanos;
    }

    @Override
    public void retireOlder() {
        while (keys.get(0) != sealing) {
            SessionKey old = keys.remove(0);
            retired.set(old.id());
            old.close();
            onRetired.accept(old.id());
        }
    }

    @Override
    public int newestHeard() {
        return newestHeard;
    }

    @Override
    public int lastLacked() {
        return lastLacked;
    }

    void close() {
        keys.forEach(SessionKey::close);
    }

    private boolean isAfter(int id, int other) {
        return indexOf(id) > indexOf(other);
    }

    /** -1 for a key that is not there, any more or yet. */
    private int indexOf(int id) {
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).id() == id) {
                return i;
            }
        }
        return -1;
    }

    private SessionKey keyOf(int id) {
        SessionKey key = find(id);
        if (key == null) {
            throw new IllegalArgumentException("there is no key " + id);
        }
        return key;
    }

    private SessionKey sessionKey(MasterKey key) {
        return new SessionKey(
                new SealHeader(suite.id(), key.id(), clusterTag, self),
                new KeyDerivation(key.key(), suite.text(), cluster, hmacs.get()));
    }
}

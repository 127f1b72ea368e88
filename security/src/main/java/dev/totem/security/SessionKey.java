/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.spi.SealHeader;
import org.jspecify.annotations.Nullable;

/** One master key in a session: what is derived from it, and the cipher this node seals with. Node loop only. */
final class SessionKey {

    private final SealHeader header;
    private final KeyDerivation derivation;
    private final Guard guard;
    private @Nullable Aead sealing;
    private int sealingPart;
    private long sealed = -1;

    SessionKey(SealHeader header, KeyDerivation derivation) {
        this.header = header;
        this.derivation = derivation;
        SecretKey guardKey = derivation.guardKey();
        this.guard = new Guard(guardKey);
        guardKey.erase();
    }

    int id() {
        return header.keyId();
    }

    SealHeader header() {
        return header;
    }

    Guard guard() {
        return guard;
    }

    /** A new cipher for a part of a life. */
    Aead cipherOf(int node, long life, int part, Aead.Factory ciphers) {
        SecretKey key = derivation.keyOf(node, life, part);
        Aead made = ciphers.create(key);
        key.erase();
        return made;
    }

    /** The cipher that this node seals a frame of its life with; the one of the part before is wiped. */
    Aead sealing(long life, int part, long number, Aead.Factory ciphers) {
        assert number > sealed : "nonce " + number + " again, after " + sealed;
        sealed = number;
        Aead current = sealing;
        if (current == null || sealingPart != part) {
            closeSealing();
            current = cipherOf(header.sender().value(), life, part, ciphers);
            sealing = current;
            sealingPart = part;
        }
        return current;
    }

    /** A new life seals from number 0 on. */
    void renew() {
        closeSealing();
        sealed = -1;
    }

    void close() {
        closeSealing();
        derivation.erase();
        guard.close();
    }

    private void closeSealing() {
        Aead old = sealing;
        sealing = null;
        if (old != null) {
            old.close();
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where the keys of a cluster are kept: one of those below, or an own one that asks a vault. Any thread; does not block.
 *
 * <p>A ring that was handed out belongs to the caller, who erases it: hand out another one each time.
 */
public interface KeySource {

    /** Reads them; fails with {@code ConfigurationException}, which names what to do. */
    CompletionStage<KeyRing> read();

    /**
     * Notes which one to start with; fails with {@code ConfigurationException}. A source that cannot note it does nothing: a
     * node that starts with an old key follows the others to the newest that it has.
     *
     * @param id the number of the key that the ring has switched to, 1 to 255
     */
    default CompletionStage<Void> keepActive(int id) {
        return CompletableFuture.completedFuture(null);
    }

    /** A key file that only its owner may use, who is the user of this process or root. */
    static KeySource file(Path file) {
        return new FileKeySource(requireNonNull(file, "file"), KeyAccess.OWNER_ONLY);
    }

    /**
     * A key file that its group may read too, as of a Kubernetes secret that is mounted with mode 0440. It is only read:
     * which key to start with is changed where the secret is made.
     */
    static KeySource groupReadableFile(Path file) {
        return new FileKeySource(requireNonNull(file, "file"), KeyAccess.GROUP_READS);
    }

    /**
     * One key from memory, with number 1.
     *
     * @param key 32 random bytes; copied, so the caller wipes them
     * @throws dev.totem.core.ConfigurationException if the length is another, or the bytes are all the same
     */
    static KeySource key(byte[] key) {
        KeyRing kept = KeyRing.of(1, requireNonNull(key, "key"));
        return () -> CompletableFuture.completedFuture(kept.copy());
    }

    /**
     * An environment variable: the text of a key file, or the 64 hexadecimal digits of key 1. Other processes of the user can
     * read it, and this process keeps it as a string that cannot be wiped: a file is better.
     */
    static KeySource environment(String name) {
        requireNonNull(name, "name");
        return () -> KeyText.environment(name, System.getenv(name));
    }

    /**
     * The secret keys of a key store, for example of PKCS#12, whose aliases are {@code totem-N}: N is the key's number, a
     * higher one is newer, and a node starts with the lowest. Remove those that are not in use any more.
     *
     * @param store loaded
     * @param password of the keys; used at every read, so the caller does not wipe it before the node has ended
     */
    static KeySource keyStore(KeyStore store, char[] password) {
        requireNonNull(store, "store");
        requireNonNull(password, "password");
        return () -> KeyStoreKeys.read(store, password);
    }
}

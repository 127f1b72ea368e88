/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server.internal;

import dev.totem.client.TlsFiles;
import dev.totem.core.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whose a token is: a file with a line {@code NAME TOKEN} for each, which only its owner may read. Immutable, any thread.
 *
 * <p>Hashes are compared, all of them and in constant time: how long it takes tells nothing.
 */
public final class ClientTokens {

    private static final int TOKEN_BYTES_LEAST = 16;

    private record Entry(String name, byte[] hash) {}

    private final List<Entry> entries;

    private ClientTokens(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    public static ClientTokens none() {
        return new ClientTokens(List.of());
    }

    /** Reads a file once. Blocks. */
    public static ClientTokens read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException unreadable) {
            throw new ConfigurationException(
                    "tokens", file.toString(), "cannot be read: " + unreadable.getMessage(), unreadable);
        }
        TlsFiles.ownersOnly("tokens", file);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split("\\s+", -1);
            if (words.length != 2 || words[1].getBytes(StandardCharsets.UTF_8).length < TOKEN_BYTES_LEAST) {
                throw new ConfigurationException(
                        "tokens",
                        file + ", line " + (i + 1),
                        "a line is NAME TOKEN, and a token has at least " + TOKEN_BYTES_LEAST + " characters");
            }
            entries.add(new Entry(words[0], hash(words[1].getBytes(StandardCharsets.UTF_8))));
        }
        return new ClientTokens(entries);
    }

    public Optional<String> ownerOf(byte[] token) {
        byte[] hash = hash(token);
        String found = null;
        for (Entry entry : entries) {
            if (MessageDigest.isEqual(entry.hash(), hash)) {
                found = entry.name();
            }
        }
        return Optional.ofNullable(found);
    }

    private static byte[] hash(byte[] token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

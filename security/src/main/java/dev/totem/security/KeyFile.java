/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;

/**
 * The file with a cluster's master keys: lines of text, readable by its owner only. Any thread; everything blocks.
 *
 * <pre>
 * totem-key-file 2
 * active 001
 * key 1 &lt;64 hexadecimal digits&gt;
 * key 2 &lt;64 hexadecimal digits&gt;
 * </pre>
 *
 * <p>Empty lines and lines that begin with {@code #} mean nothing. The number behind {@code key} is the key's id, 1 to
 * 255; a key is newer than those above it. {@code active} names the one to seal with; its three digits are overwritten in
 * place and keys are appended, so the changes of several processes do not undo each other. Version 1 has one key and no
 * {@code active}. Where the file system knows no POSIX permissions, they are not looked at.
 */
public final class KeyFile {

    private static final String SETTING = "key";
    private static final String FIRST_LINE = KeyText.FIRST_LINE;
    private static final int FIRST_ID = 1;

    /** Room for comments; a key file is never as long. */
    private static final int FILE_BYTES_MAX = 64 * 1024;

    private static final HexFormat HEX = HexFormat.of();
    private static final int ACTIVE_DIGITS = 3;

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /**
     * A file lock holds off other processes, and refuses threads of this one. It ends when this process closes the file,
     * however it has opened it: who has the lock uses one channel, and no other thread reads meanwhile.
     */
    private static final Object ACTIVATION = new Object();

    private KeyFile() {}

    /**
     * Writes a new random key, readable by its owner only.
     *
     * @throws ConfigurationException if the file is there already, or cannot be written
     */
    public static void create(Path file) {
        requireNonNull(file, "file");
        byte[] head = ascii(FIRST_LINE + "\nactive " + digits(FIRST_ID) + "\n");
        Set<StandardOpenOption> isNew = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            KeyAccess.checkFolder(file, file.toAbsolutePath().getParent());
            try (FileChannel channel = FileChannel.open(file, isNew, ownerOnly(file))) {
                append(channel, head, FIRST_ID);
            }
        } catch (FileAlreadyExistsException e) {
            throw refused(file, "is there already and is not overwritten; name another file or remove it first", e);
        } catch (NoSuchFileException e) {
            throw refused(file, "its folder does not exist; create the folder first", e);
        } catch (AccessDeniedException e) {
            throw refused(file, "this user may not write there; name a file in a folder of its own", e);
        } catch (IOException e) {
            throw refused(file, "cannot be written (" + e + "); remove what is left of it and try again", e);
        }
    }

    /**
     * Adds a new random key, which nobody seals with yet.
     *
     * @return its id
     * @throws ConfigurationException if it is not a key file of this version, is full, or cannot be written
     */
    public static int add(Path file) {
        requireNonNull(file, "file");
        read(file).erase();
        return locked(file, "and so gets no new key", channel -> add(file, channel));
    }

    private static int add(Path file, FileChannel channel) throws IOException {
        byte[] text = bytes(file, channel);
        boolean isOld = !startsWith(text, FIRST_LINE);
        boolean isEnded = text.length > 0 && text[text.length - 1] == '\n';
        KeyRing ring = parsed(file, text);
        ring.erase();
        if (isOld) {
            throw new ConfigurationException(
                    SETTING,
                    file.toString(),
                    "is of version 1, which holds one key; make its first lines '" + FIRST_LINE + "' and 'active "
                            + digits(ring.active()) + "'");
        }
        int id = ring.nextId()
                .orElseThrow(() -> new ConfigurationException(
                        SETTING, file.toString(), "has a key of every id; remove the oldest first"));
        append(channel.position(channel.size()), isEnded ? new byte[0] : new byte[] {'\n'}, id);
        return id;
    }

    /**
     * Makes a key of the file the one to seal with, unless a newer one is: nodes that share a file may note their switches
     * late.
     *
     * @throws ConfigurationException if the file has no such key or cannot be written
     */
    static void activate(Path file, int id) {
        String remedy = "make the line 'active " + digits(id) + "' there, or the next start seals with an older key";
        locked(file, remedy, channel -> {
            activate(file, channel, id);
            return id;
        });
    }

    /** What is done to a file that several processes may change at once. */
    private interface Change {
        int make(FileChannel channel) throws IOException;
    }

    private static int locked(Path file, String remedy, Change change) {
        synchronized (ACTIVATION) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                channel.lock();
                KeyAccess.OWNER_ONLY.check(file);
                return change.make(channel);
            } catch (IOException e) {
                throw refused(file, "cannot be written (" + e + "); " + remedy, e);
            }
        }
    }

    private static void activate(Path file, FileChannel channel, int id) throws IOException {
        byte[] text = bytes(file, channel);
        int at = activeAt(text);
        KeyRing ring = parsed(file, text);
        ring.erase();
        String remedy = "; make the line 'active " + digits(id) + "' there, or the next start seals with key "
                + ring.active() + " again";
        if (ring.of(id).isEmpty()) {
            throw new ConfigurationException(SETTING, file.toString(), "it has no key " + id + remedy);
        }
        if (ring.isAfter(id, ring.active())) {
            if (at < 0) {
                throw new ConfigurationException(
                        SETTING, file.toString(), "has no line 'active' with three digits" + remedy);
            }
            writeAll(channel.position(at), ascii(digits(id)));
            channel.force(true);
        }
    }

    /** Where the digits of a line {@code active} with exactly three of them begin; -1 if there is none. */
    private static int activeAt(byte[] text) {
        byte[] word = ascii("\nactive ");
        for (int at = 0; at + word.length + ACTIVE_DIGITS <= text.length; at++) {
            int digits = at + word.length;
            int end = digits + ACTIVE_DIGITS;
            if (Arrays.equals(text, at, digits, word, 0, word.length)
                    && (end == text.length || text[end] == '\n' || text[end] == '\r')) {
                return digits;
            }
        }
        return -1;
    }

    /** Writes a line with a new random key behind some text, in one piece. */
    private static void append(FileChannel channel, byte[] head, int id) throws IOException {
        byte[] key = new byte[SecretKey.BYTES];
        new SecureRandom().nextBytes(key);
        byte[] line = line(id, key);
        Arrays.fill(key, (byte) 0);
        byte[] text = Arrays.copyOf(head, head.length + line.length);
        System.arraycopy(line, 0, text, head.length, line.length);
        Arrays.fill(line, (byte) 0);
        try {
            writeAll(channel, text);
            channel.force(true);
        } finally {
            Arrays.fill(text, (byte) 0);
        }
    }

    private static void writeAll(FileChannel channel, byte[] text) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(text);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    /**
     * Reads the keys.
     *
     * @throws ConfigurationException if there is no such file, it cannot be read, others than its owner may use it, or
     *     it is not a key file
     */
    static KeyRing read(Path file) {
        return read(file, KeyAccess.OWNER_ONLY);
    }

    /** As {@link #read(Path)}, when others may use it. */
    static KeyRing read(Path file, KeyAccess access) {
        byte[] text;
        try {
            access.check(file);
            synchronized (ACTIVATION) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    text = bytes(file, channel);
                }
            }
        } catch (NoSuchFileException e) {
            throw refused(file, "there is no such file; make one with: totem keygen " + file, e);
        } catch (AccessDeniedException e) {
            throw refused(file, "this user may not read it; its owner must be the user that runs the node", e);
        } catch (IOException e) {
            throw refused(file, "cannot be read (" + e + "); name a file made by: totem keygen FILE", e);
        }
        return parsed(file, text);
    }

    /** Overwrites the text. */
    private static KeyRing parsed(Path file, byte[] text) {
        CharBuffer characters = StandardCharsets.ISO_8859_1.decode(ByteBuffer.wrap(text));
        try {
            return KeyText.parse(file.toString(), characters);
        } finally {
            Arrays.fill(text, (byte) 0);
            Arrays.fill(characters.array(), '\0');
        }
    }

    private static byte[] bytes(Path file, FileChannel channel) throws IOException {
        if (channel.size() > FILE_BYTES_MAX) {
            throw KeyText.malformed(file.toString(), "longer than " + FILE_BYTES_MAX + " bytes");
        }
        byte[] text = new byte[(int) channel.size()];
        ByteBuffer rest = ByteBuffer.wrap(text);
        while (rest.hasRemaining() && channel.read(rest, rest.position()) >= 0) {
            // as much as there is
        }
        return text;
    }

    private static byte[] line(int id, byte[] key) {
        byte[] head = ascii("key " + id + " ");
        ByteBuffer line = ByteBuffer.allocate(head.length + 2 * key.length + 1).put(head);
        for (byte b : key) {
            line.put((byte) HEX.toHighHexDigit(b)).put((byte) HEX.toLowHexDigit(b));
        }
        return line.put((byte) '\n').array();
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return KeyAccess.knowsPermissions(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static String digits(int id) {
        return String.format(Locale.ROOT, "%0" + ACTIVE_DIGITS + "d", id);
    }

    private static boolean startsWith(byte[] text, String line) {
        return new String(text, 0, Math.min(text.length, line.length()), StandardCharsets.US_ASCII).equals(line);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static ConfigurationException refused(Path file, String what, IOException cause) {
        return new ConfigurationException(SETTING, file.toString(), what, cause);
    }
}

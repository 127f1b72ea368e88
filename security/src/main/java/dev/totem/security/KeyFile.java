/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.ConfigurationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
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
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file with a cluster's master key: lines of text, readable by its owner only. Any thread; everything blocks.
 *
 * <pre>
 * totem-key-file 1
 * key 1 &lt;64 hexadecimal digits&gt;
 * </pre>
 *
 * <p>Empty lines and lines that begin with {@code #} mean nothing. The number behind {@code key} is the key's id, 1 to
 * 255. Version 1 has exactly one key. Where the file system knows no POSIX permissions, they are not looked at.
 */
public final class KeyFile {

    private static final String SETTING = "key";
    private static final String FIRST_LINE = "totem-key-file 1";
    private static final int FIRST_ID = 1;

    /** Room for comments; a key file is never as long. */
    private static final int FILE_BYTES_MAX = 64 * 1024;

    private static final HexFormat HEX = HexFormat.of();
    private static final Pattern NOTHING = Pattern.compile("\\s*(?:#.*)?");
    private static final Pattern KEY = Pattern.compile("key ([1-9]\\d{0,2}) ([0-9a-fA-F]{64})");

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    private KeyFile() {}

    /**
     * Writes a new random key, readable by its owner only.
     *
     * @throws ConfigurationException if the file is there already, or cannot be written
     */
    public static void create(Path file) {
        byte[] key = new byte[SecretKey.BYTES];
        new SecureRandom().nextBytes(key);
        byte[] text = text(key);
        Arrays.fill(key, (byte) 0);
        Set<StandardOpenOption> fresh = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, fresh, ownerOnly(file))) {
            ByteBuffer rest = ByteBuffer.wrap(text);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        } catch (FileAlreadyExistsException e) {
            throw refused(file, "is there already and is not overwritten; name another file or remove it first", e);
        } catch (NoSuchFileException e) {
            throw refused(file, "its folder does not exist; create the folder first", e);
        } catch (AccessDeniedException e) {
            throw refused(file, "this user may not write there; name a file in a folder of its own", e);
        } catch (IOException e) {
            throw refused(file, "cannot be written (" + e + "); remove what is left of it and try again", e);
        } finally {
            Arrays.fill(text, (byte) 0);
        }
    }

    /**
     * Reads the key.
     *
     * @throws ConfigurationException if there is no such file, it cannot be read, others than its owner may use it, or
     *     it is not a key file
     */
    static MasterKey read(Path file) {
        byte[] text;
        try {
            refuseOthers(file);
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw malformed(file, "longer than " + FILE_BYTES_MAX + " bytes");
            }
            text = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw refused(file, "there is no such file; make one with: totem keygen " + file, e);
        } catch (AccessDeniedException e) {
            throw refused(file, "this user may not read it; its owner must be the user that runs the node", e);
        } catch (IOException e) {
            throw refused(file, "cannot be read (" + e + "); name a file made by: totem keygen FILE", e);
        }
        CharBuffer characters = StandardCharsets.ISO_8859_1.decode(ByteBuffer.wrap(text));
        try {
            return parse(file, characters);
        } finally {
            Arrays.fill(text, (byte) 0);
            Arrays.fill(characters.array(), '\0');
        }
    }

    private static void refuseOthers(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ConfigurationException(
                    SETTING, file.toString(), "is not a regular file; name a file made by: totem keygen FILE");
        }
        if (!knowsPermissions(file)) {
            return;
        }
        Set<PosixFilePermission> granted = Files.getPosixFilePermissions(file);
        if (granted.stream().anyMatch(OTHERS::contains)) {
            throw new ConfigurationException(
                    SETTING,
                    file.toString(),
                    "others than its owner may use it (" + PosixFilePermissions.toString(granted) + "); do: chmod 600 "
                            + file);
        }
    }

    private static byte[] text(byte[] key) {
        ByteBuffer text = ByteBuffer.allocate(FIRST_LINE.length() + 16 + 2 * key.length);
        text.put(ascii(FIRST_LINE + "\nkey " + FIRST_ID + " "));
        for (byte b : key) {
            text.put((byte) HEX.toHighHexDigit(b)).put((byte) HEX.toLowHexDigit(b));
        }
        text.put((byte) '\n');
        byte[] written = Arrays.copyOf(text.array(), text.position());
        Arrays.fill(text.array(), (byte) 0);
        return written;
    }

    /** Makes no string of what may be secret. */
    private static MasterKey parse(Path file, CharBuffer text) {
        Optional<MasterKey> found = Optional.empty();
        for (int number = 1; text.hasRemaining(); number++) {
            CharBuffer line = nextLine(text);
            if (number == 1) {
                if (!FIRST_LINE.contentEquals(line)) {
                    throw malformed(file, "its first line is not '" + FIRST_LINE + "'");
                }
            } else if (!NOTHING.matcher(line).matches()) {
                if (found.isPresent()) {
                    found.get().key().erase();
                    throw malformed(file, "line " + number + ": more than one key");
                }
                found = Optional.of(key(file, line, number));
            }
        }
        return found.orElseThrow(() -> malformed(file, "it has no key"));
    }

    private static CharBuffer nextLine(CharBuffer text) {
        int from = text.position();
        int end = from;
        while (end < text.limit() && text.get(end) != '\n') {
            end++;
        }
        text.position(Math.min(end + 1, text.limit()));
        if (end > from && text.get(end - 1) == '\r') {
            end--;
        }
        return text.duplicate().limit(end).position(from);
    }

    private static MasterKey key(Path file, CharBuffer line, int number) {
        Matcher matcher = KEY.matcher(line);
        if (!matcher.matches()) {
            throw malformed(file, "line " + number + " is not 'key ID' and 64 hexadecimal digits");
        }
        int id = Integer.parseInt(line, matcher.start(1), matcher.end(1), 10);
        if (id > MasterKey.ID_MAX) {
            throw malformed(file, "line " + number + ": a key id is from 1 to " + MasterKey.ID_MAX);
        }
        CharSequence digits = line.subSequence(matcher.start(2), matcher.end(2));
        return new MasterKey(id, SecretKey.owning(HEX.parseHex(digits)));
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return knowsPermissions(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static boolean knowsPermissions(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static ConfigurationException malformed(Path file, String what) {
        return new ConfigurationException(
                SETTING, file.toString(), "is not a key file: " + what + "; make one with: totem keygen FILE");
    }

    private static ConfigurationException refused(Path file, String what, IOException cause) {
        return new ConfigurationException(SETTING, file.toString(), what, cause);
    }
}

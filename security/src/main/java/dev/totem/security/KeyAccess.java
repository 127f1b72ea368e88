/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may use a key file besides its owner. Any thread; everything blocks. Where the file system knows no POSIX permissions,
 * nothing is looked at.
 */
enum KeyAccess {
    OWNER_ONLY("---rwxrwx"),
    GROUP_READS("----wxrwx");

    private static final String SETTING = "key";
    private static final int ROOT = 0;
    private static final int OTHERS_WRITE = 0002;
    private static final int STICKY = 01000;

    private final String refused;

    KeyAccess(String refused) {
        this.refused = refused;
    }

    /** Throws if somebody else could read the file, or could have put it there. */
    void check(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ConfigurationException(
                    SETTING, file.toString(), "is not a regular file; name a file made by: totem keygen FILE");
        }
        if (!knowsPermissions(file)) {
            return;
        }
        Set<PosixFilePermission> granted = Files.getPosixFilePermissions(file);
        if (granted.stream().anyMatch(PosixFilePermissions.fromString(refused)::contains)) {
            throw new ConfigurationException(SETTING, file.toString(), mode(file, granted));
        }
        checkOwner(file);
        checkFolder(file, file.toAbsolutePath().getParent());
        checkFolder(file, file.toRealPath().getParent());
    }

    /** Throws if everybody could replace the file. */
    static void checkFolder(Path file, @Nullable Path folder) throws IOException {
        if (folder == null || !knowsPermissions(folder) || !Files.isDirectory(folder)) {
            return;
        }
        int mode = (int) Files.getAttribute(folder, "unix:mode");
        if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0) {
            throw new ConfigurationException(
                    SETTING,
                    file.toString(),
                    "everybody may replace it, as all may write to its folder; do: chmod o-w " + folder);
        }
    }

    static boolean knowsPermissions(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    private String mode(Path file, Set<PosixFilePermission> granted) {
        return this == OWNER_ONLY
                ? "others than its owner may use it (" + PosixFilePermissions.toString(granted) + "); do: chmod 600 "
                        + file + ", or say that its group may read it"
                : "others than its owner and its group may use it, or its group may write it ("
                        + PosixFilePermissions.toString(granted) + "); do: chmod 440 " + file;
    }

    private static void checkOwner(Path file) throws IOException {
        OptionalInt self = self();
        int owner = (int) Files.getAttribute(file, "unix:uid");
        if (self.isPresent() && owner != self.getAsInt() && owner != ROOT) {
            throw new ConfigurationException(
                    SETTING,
                    file.toString(),
                    "belongs to " + Files.getOwner(file) + ", who can change it; do: chown " + self.getAsInt() + " "
                            + file);
        }
    }

    /** The user of this process, where the system tells. */
    private static OptionalInt self() {
        try {
            return OptionalInt.of((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
            return OptionalInt.empty();
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The lock on a file, against all others of the machine: of this process too. Any thread.
 *
 * <p>The system ends all locks that a process has on a file when it closes any descriptor of the file. So one that is locked here
 * is not opened again.
 */
final class OwnLock {

    private static final Set<Object> LOCKED_HERE = new HashSet<>();

    private final FileChannel channel;
    private final Object file;

    private OwnLock(FileChannel channel, Object file) {
        this.channel = channel;
        this.file = file;
    }

    /** Makes the file if need be; empty if somebody has the lock. */
    static Optional<OwnLock> take(Path path) throws IOException {
        synchronized (LOCKED_HERE) {
            try {
                if (LOCKED_HERE.contains(identity(path))) {
                    return Optional.empty();
                }
            } catch (NoSuchFileException none) {
                // nobody has locked it
            }
            FileChannel channel = OwnersFile.open(path);
            if (!isLocked(channel)) {
                channel.close();
                return Optional.empty();
            }
            OwnLock taken = new OwnLock(channel, identity(path));
            LOCKED_HERE.add(taken.file);
            return Optional.of(taken);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    private static Object identity(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? path.toRealPath() : key;
    }

    void release() throws IOException {
        synchronized (LOCKED_HERE) {
            LOCKED_HERE.remove(file);
            channel.close();
        }
    }
}

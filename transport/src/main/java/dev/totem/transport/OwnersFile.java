/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file that nobody but its owner can open: who can read a file can lock it. Any thread; blocks. */
final class OwnersFile {

    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");

    private OwnersFile() {}

    /**
     * Opens it to be written, and makes it if it is not there; what others were allowed before is taken from them. A link is
     * not followed: who may make files in the folder could choose what is written.
     */
    static FileChannel open(Path file) throws IOException {
        Set<OpenOption> options =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return FileChannel.open(file, options);
        }
        FileAttribute<?> owner = PosixFilePermissions.asFileAttribute(OWNER);
        FileChannel channel = FileChannel.open(file, options, owner);
        try {
            if (!OWNER.equals(Files.getPosixFilePermissions(file))) {
                Files.setPosixFilePermissions(file, OWNER);
            }
            return channel;
        } catch (IOException notOurs) {
            channel.close();
            throw notOurs;
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StateTroubleTest {

    private static String told(IOException failure) {
        return StateTrouble.of(failure).at(Path.of("/state"), failure).getMessage();
    }

    @Test
    void namesTheCauseAndWhatHelps() {
        assertThat(told(new IOException("No space left on device")))
                .isEqualTo("state-dir=/state: cannot be used, the disc is full: free some space");
        assertThat(told(new FileSystemException("/state/ringseq-1.new", null, "Read-only file system")))
                .isEqualTo("state-dir=/state: cannot be used, the file system is read-only: mount it writable");
        assertThat(told(new FileSystemException("/state/ringseq-1.new", null, "Too many open files")))
                .isEqualTo("state-dir=/state: cannot be used, no file descriptors are left: raise the limit"
                        + " (ulimit -n), or close some");
        assertThat(told(new AccessDeniedException("/state")))
                .isEqualTo("state-dir=/state: cannot be used, permission denied: name a directory this user can write"
                        + " to");
        assertThat(told(new NoSuchFileException("/state")))
                .isEqualTo("state-dir=/state: cannot be used, it is gone: make it again, or mount its file system");
    }

    @Test
    void passesOnWhatItDoesNotKnow() {
        assertThat(told(new IOException("the moon is full"))).contains("the moon is full");
        assertThat(told(new IOException((String) null))).contains("IOException");
    }
}

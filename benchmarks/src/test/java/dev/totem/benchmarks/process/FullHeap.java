/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The {@code totem} command in a process whose heap something else fills to the last kilobyte, and keeps full, from the moment
 * that a file is there. A process of its own.
 */
public final class FullHeap {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static volatile Object[] held = {};

    private FullHeap() {}

    /** The file, another that gets a byte when the heap is full, then the arguments of the command. */
    public static void main(String[] arguments) throws IOException {
        Path go = Path.of(arguments[0]);
        OutputStream full = new FileOutputStream(arguments[1]);
        Thread filling = new Thread(() -> fillFrom(go, full), "filling");
        filling.setDaemon(true);
        filling.start();
        String[] command = new String[arguments.length - 2];
        System.arraycopy(arguments, 2, command, 0, command.length);
        dev.totem.benchmarks.Totem.main(command);
    }

    private static void fillFrom(Path go, OutputStream full) {
        while (!Files.exists(go)) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        while (true) {
            fill();
            try {
                full.write('.');
            } catch (IOException | OutOfMemoryError unsaid) {
                // The next round says it.
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static void fill() {
        for (int bytes = 1 << 20; bytes >= 16; bytes >>= 1) {
            try {
                while (true) {
                    held = new Object[] {held, new byte[bytes]};
                }
            } catch (OutOfMemoryError full) {
                // The next size.
            }
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.spi.SideThread;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Keys in a key file; what is noted there is noted in the order of the calls. Any thread. */
final class FileKeySource implements KeySource {

    private final Path file;
    private final KeyAccess access;
    private final SideThread thread = new SideThread("totem-keys");
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    FileKeySource(Path file, KeyAccess access) {
        this.file = file;
        this.access = access;
    }

    @Override
    public CompletionStage<KeyRing> read() {
        return CompletableFuture.supplyAsync(() -> KeyFile.read(file, access), thread);
    }

    @Override
    public synchronized CompletionStage<Void> keepActive(int id) {
        if (access == KeyAccess.OWNER_ONLY) {
            last = last.handle((done, failed) -> id).thenAcceptAsync(active -> KeyFile.activate(file, active), thread);
        }
        return last;
    }
}

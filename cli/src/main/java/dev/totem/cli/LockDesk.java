/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.blocks.FencedLock;
import dev.totem.blocks.Lease;
import dev.totem.core.SendFailedException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** The locks that one process waits for or holds, one claim a name. Lane only. */
final class LockDesk {

    private final BlocksSession session;
    private final BlocksWriter out;
    private final Map<String, Held> locks = new HashMap<>();

    private static final class Held {

        private final BlocksSession.Call call;
        private final Disposable.Swap waiting = Disposables.swap();
        private @Nullable Lease lease;

        Held(BlocksSession.Call call) {
            this.call = call;
        }
    }

    LockDesk(BlocksSession session, BlocksWriter out) {
        this.session = session;
        this.out = out;
    }

    void lock(FencedLock block, String name, BlocksSession.Call call) {
        if (locks.containsKey(name)) {
            call.fail(SendFailedException.refused(
                    "lock " + name + " is held or waited for by this process, and is not reentrant: unlock it first"));
            return;
        }
        Held held = new Held(call);
        locks.put(name, held);
        held.waiting.update(block.acquire(name)
                .subscribe(
                        lease -> session.onLane(() -> granted(held, lease)),
                        failed -> session.onLane(() -> {
                            locks.remove(name, held);
                            call.fail(failed);
                        })));
    }

    private void granted(Held held, Lease lease) {
        if (locks.get(lease.name()) != held) {
            lease.release().subscribe(freed -> {}, failed -> {});
            return;
        }
        held.lease = lease;
        held.call.answer(() -> out.granted(held.call.tag(), lease.name(), lease.token()));
        lease.lost()
                .subscribe(
                        why -> session.onLane(() -> {
                            if (locks.remove(lease.name(), held)) {
                                out.lockLost(lease.name(), lease.token(), why);
                            }
                        }),
                        impossible -> {});
    }

    void unlock(String name, BlocksSession.Call call) {
        Held held = locks.remove(name);
        if (held == null) {
            call.fail(SendFailedException.refused("lock " + name + " is not held by this process"));
            return;
        }
        Lease lease = held.lease;
        if (lease == null) {
            held.waiting.dispose();
            held.call.fail(SendFailedException.refused("unlocked before it was granted"));
            call.answer(() -> out.done(call.tag(), Optional.empty()));
        } else {
            call.finish(
                    lease.release().map(Optional::of).defaultIfEmpty(Optional.empty()),
                    freed -> out.done(call.tag(), freed));
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import dev.totem.core.ConfigChange;
import dev.totem.core.EvsHandle;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.SlowSubscriberException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import reactor.core.Disposable;
import reactor.util.retry.Retry;

/** The last changes of the configuration, with when they were seen. Written by the handle's signals, read on any thread. */
final class SeenChanges {

    /** More are not kept. */
    static final int CHANGES_MAX = 32;

    private final LongSupplier epochMillis;
    private volatile List<Seen> changes = List.of();

    /** A change, and the wall clock when this process was told of it. */
    record Seen(long millis, ConfigChange change) {}

    SeenChanges(LongSupplier epochMillis) {
        this.epochMillis = epochMillis;
    }

    /** Watches for as long as the handle lives. It never holds the ring back: if it were slow, it would begin anew. */
    Disposable follow(EvsHandle handle) {
        return handle.events(OverflowPolicy.FAIL)
                .retryWhen(Retry.indefinitely().filter(SlowSubscriberException.class::isInstance))
                .ofType(ConfigChange.class)
                .subscribe(this::add, ended -> {});
    }

    void add(ConfigChange change) {
        List<Seen> now = new ArrayList<>(changes);
        now.add(new Seen(epochMillis.getAsLong(), change));
        changes = List.copyOf(now.subList(Math.max(0, now.size() - CHANGES_MAX), now.size()));
    }

    /** Oldest first. */
    List<Seen> list() {
        return changes;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/**
 * Whom a frame for everybody is sent to where there is no multicast: always those that take part in the ring and those that
 * were heard of late; the silent ones rarely, and within a budget. Node loop only.
 */
final class Recipients {

    /** What of one flush silent peers get: a join of the largest ring, in parts. */
    private static final int TRIAL_BYTES = 8_192;

    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** A busy node flushes thousands of times a second. */
    private static final long SILENT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final LongFunction<Collection<Contact>> contacts;
    private StrangerBudget budget = new StrangerBudget(0, 0);

    private List<InetSocketAddress> reached = List.of();
    private List<Contact> silent = List.of();
    private boolean isStale = true;
    private long lookAgainNanos;

    private List<Contact> trying = List.of();
    private int triedBytes;
    private boolean isFlushed = true;
    private long silentLookedAtNanos;

    /** @param contacts everybody there is at a time */
    Recipients(LongFunction<Collection<Contact>> contacts) {
        this.contacts = contacts;
    }

    /** What may be sent to silent peers from now on; before, nothing may. */
    void budget(StrangerBudget granted, long nowNanos) {
        budget = granted;
        silentLookedAtNanos = nowNanos - SILENT_NANOS;
    }

    /** Somebody has come, gone, moved, spoken after a silence, or has another part in the ring. */
    void changed() {
        isStale = true;
    }

    /** Whom the next frame for everybody is sent to: the same list object as long as that does not change. */
    List<InetSocketAddress> of(int frameBytes, long nowNanos) {
        if (isStale || nowNanos - lookAgainNanos >= 0) {
            look(nowNanos);
        }
        if (isFlushed) {
            isFlushed = false;
            triedBytes = 0;
            trying = silent.isEmpty() || nowNanos - silentLookedAtNanos < SILENT_NANOS ? List.of() : due(nowNanos);
        }
        return trying.isEmpty() ? reached : withSilent(frameBytes, nowNanos);
    }

    /** What comes next is of another flush. */
    void flushed() {
        isFlushed = true;
    }

    private void look(long nowNanos) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        List<Contact> others = new ArrayList<>();
        for (Contact contact : contacts.apply(nowNanos)) {
            if (contact.isPartner() || contact.isHeard(nowNanos)) {
                addresses.addAll(contact.address());
            } else {
                others.add(contact);
            }
        }
        reached = addresses;
        silent = others;
        isStale = false;
        lookAgainNanos = nowNanos + LOOK_AGAIN_NANOS;
    }

    /** The silent peers whose time has come, the longest untried first. */
    private List<Contact> due(long nowNanos) {
        silentLookedAtNanos = nowNanos;
        List<Contact> due = new ArrayList<>();
        for (Contact contact : silent) {
            if (contact.isDue(nowNanos)) {
                due.add(contact);
            }
        }
        due.sort(Comparator.comparing(Contact::wasTried).thenComparingLong(Contact::triedNanos));
        return due;
    }

    /** Who cannot be paid for does not get the rest of the flush either. */
    private List<InetSocketAddress> withSilent(int frameBytes, long nowNanos) {
        boolean isFirst = triedBytes == 0;
        triedBytes += frameBytes;
        if (!isFirst && triedBytes > TRIAL_BYTES) {
            trying = List.of();
            return reached;
        }
        trying.removeIf(contact -> !budget.take(frameBytes, nowNanos));
        if (isFirst) {
            trying.forEach(contact -> contact.tried(nowNanos));
        }
        if (trying.isEmpty()) {
            return reached;
        }
        List<InetSocketAddress> all = new ArrayList<>(reached);
        trying.forEach(contact -> all.addAll(contact.address()));
        return all;
    }
}

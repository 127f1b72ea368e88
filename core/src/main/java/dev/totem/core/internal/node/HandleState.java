/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.SendFailedException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What the loop knows of one handle. Node loop only, except where it says otherwise. */
final class HandleState {

    /** Why a send to a handle that closes is refused. */
    static final String CLOSED = "the handle is closed";

    private final HandleSignals signals;
    private final Set<EventSubscription> subscriptions = new LinkedHashSet<>();
    private final Set<SendAllSubscription> sendAlls = new LinkedHashSet<>();
    private final AcceptedSends accepted = new AcceptedSends();
    private List<Runnable> successes = new ArrayList<>();
    private final JoinedGroups groups = new JoinedGroups();
    private final Sinks.Empty<Void> closed = Sinks.empty();

    private boolean isClosing;
    private boolean isClosed;
    private long closeDeadlineNanos = Long.MAX_VALUE;

    HandleState(HandleSignals signals) {
        this.signals = signals;
    }

    /** Any thread. */
    HandleSignals signals() {
        return signals;
    }

    Set<EventSubscription> subscriptions() {
        return subscriptions;
    }

    AcceptedSends accepted() {
        return accepted;
    }

    /** A send came back; says whether it is the first since {@link #emitSuccesses}, which must follow. */
    boolean succeeded(PendingSend send) {
        successes.add(send);
        return successes.size() == 1;
    }

    void emitSuccesses() {
        signals.emitAll(successes);
        successes = new ArrayList<>(successes.size());
    }

    void attach(SendAllSubscription subscription) {
        if (isClosing) {
            subscription.close(SendFailedException.refused(CLOSED));
        } else {
            sendAlls.add(subscription);
        }
    }

    void detach(SendAllSubscription subscription) {
        sendAlls.remove(subscription);
    }

    JoinedGroups groups() {
        return groups;
    }

    void beginClose(long deadlineNanos) {
        if (!isClosing) {
            closeDeadlineNanos = deadlineNanos;
            acceptNoMore();
        }
    }

    private void acceptNoMore() {
        isClosing = true;
        sendAlls.forEach(subscription -> subscription.close(SendFailedException.refused(CLOSED)));
        sendAlls.clear();
    }

    boolean isClosing() {
        return isClosing;
    }

    long closeDeadlineNanos() {
        return isClosed ? Long.MAX_VALUE : closeDeadlineNanos;
    }

    void finishClose() {
        acceptNoMore();
        isClosed = true;
        signals.emit(closed::tryEmitEmpty);
        signals.release();
    }

    boolean isClosed() {
        return isClosed;
    }

    /** Any thread: completes when the handle is closed. */
    Mono<Void> whenClosed() {
        return closed.asMono();
    }
}

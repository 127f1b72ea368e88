/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.SendFailedException;
import java.util.LinkedHashSet;
import java.util.Set;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What the loop knows of one handle. Node loop only, except where it says otherwise. */
final class HandleState {

    /** Why a send to a handle that closes is refused. */
    static final String CLOSED = "the handle is closed";

    private final HandleLane lane;
    private final Set<EventSubscription> subscriptions = new LinkedHashSet<>();
    private final Set<SendAllSubscription> sendAlls = new LinkedHashSet<>();
    private final AcceptedSends accepted = new AcceptedSends();
    private final JoinedGroups groups = new JoinedGroups();
    private final Sinks.Empty<Void> closed = Sinks.empty();

    private volatile boolean isClosing;
    private boolean isClosed;
    private long closeDeadlineNanos = Long.MAX_VALUE;

    HandleState(HandleLane lane) {
        this.lane = lane;
    }

    /** Any thread. */
    HandleLane lane() {
        return lane;
    }

    Set<EventSubscription> subscriptions() {
        return subscriptions;
    }

    AcceptedSends accepted() {
        return accepted;
    }

    void attach(SendAllSubscription subscription) {
        if (isClosing) {
            subscription.close(SendFailedException.refused(CLOSED));
        } else {
            sendAlls.add(subscription);
        }
    }

    /** Publishers of messages may have more under way than before. */
    void resumeSendAlls() {
        sendAlls.forEach(SendAllSubscription::resume);
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

    /** Any thread. */
    boolean isClosing() {
        return isClosing;
    }

    long closeDeadlineNanos() {
        return isClosed ? Long.MAX_VALUE : closeDeadlineNanos;
    }

    void finishClose() {
        acceptNoMore();
        isClosed = true;
        lane.schedule(closed::tryEmitEmpty);
        lane.release();
    }

    boolean isClosed() {
        return isClosed;
    }

    /** Any thread: completes when the handle is closed. */
    Mono<Void> whenClosed() {
        return closed.asMono();
    }
}

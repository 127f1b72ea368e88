/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.SendFailedException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/** What the loop knows of one handle. Node loop only, except where it says otherwise. */
final class HandleState {

    /** Why a send to a handle that closes is refused. */
    static final String CLOSED = "the handle is closed";

    private final HandleLane lane;
    private final Set<EventSubscription> subscriptions = new LinkedHashSet<>();
    private final Set<SendAllSubscription> sendAlls = new LinkedHashSet<>();
    private final AcceptedSends accepted = new AcceptedSends();
    private final int number;
    private final Optional<String> name;
    private final JoinedGroups groups = new JoinedGroups();
    private final JoinedGroups watched = new JoinedGroups();
    private final GroupSnapshots snapshots = new GroupSnapshots();
    private final Sinks.Empty<Void> closed = Sinks.empty();

    private boolean owesFarewell;
    private boolean isSaying;
    private volatile boolean isClosing;
    private boolean isClosed;
    private long closeDeadlineNanos = Long.MAX_VALUE;

    /** @param number among the handles of this life of the node, from 1; 0 for the node itself */
    HandleState(HandleLane lane, int number, Optional<String> name) {
        this.lane = lane;
        this.number = number;
        this.name = name;
    }

    /** Any thread. */
    int number() {
        return number;
    }

    /** Any thread. */
    Optional<String> name() {
        return name;
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

    /** Those that it has joined, and whose join is under way. */
    JoinedGroups groups() {
        return groups;
    }

    JoinedGroups watched() {
        return watched;
    }

    /** Any thread. */
    GroupSnapshots snapshots() {
        return snapshots;
    }

    /** Others know of its groups, or will. */
    void isToSayClosed() {
        owesFarewell = true;
    }

    /** What others know of it is to be taken back when it closes; once. */
    boolean takeFarewell() {
        boolean owed = owesFarewell;
        owesFarewell = false;
        isSaying |= owed;
        return owed;
    }

    /** Its farewell has come. */
    void saidClosed() {
        isSaying = false;
    }

    /** Whether its farewell is under way. */
    boolean isSayingClosed() {
        return isSaying;
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
        lane.schedule(closed, Context::empty, closed::tryEmitEmpty);
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

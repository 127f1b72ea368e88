/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.send;

import dev.totem.core.SendFailedException;
import dev.totem.core.internal.node.crossing.EventSubscription;
import dev.totem.core.internal.node.crossing.HandleLane;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/** What the loop knows of one handle. Node loop only, except where it says otherwise. */
public final class HandleState {

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
    public HandleState(HandleLane lane, int number, Optional<String> name) {
        this.lane = lane;
        this.number = number;
        this.name = name;
    }

    /** Any thread. */
    public int number() {
        return number;
    }

    /** Any thread. */
    public Optional<String> name() {
        return name;
    }

    /** Any thread. */
    public HandleLane lane() {
        return lane;
    }

    public Set<EventSubscription> subscriptions() {
        return subscriptions;
    }

    public AcceptedSends accepted() {
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
    public void resumeSendAlls() {
        sendAlls.forEach(SendAllSubscription::resume);
    }

    void detach(SendAllSubscription subscription) {
        sendAlls.remove(subscription);
    }

    /** Those that it has joined, and whose join is under way. */
    public JoinedGroups groups() {
        return groups;
    }

    public JoinedGroups watched() {
        return watched;
    }

    /** Any thread. */
    public GroupSnapshots snapshots() {
        return snapshots;
    }

    /** Others know of its groups, or will. */
    public void isToSayClosed() {
        owesFarewell = true;
    }

    /** What others know of it is to be taken back when it closes; once. */
    public boolean takeFarewell() {
        boolean owed = owesFarewell;
        owesFarewell = false;
        isSaying |= owed;
        return owed;
    }

    /** Its farewell has come. */
    public void saidClosed() {
        isSaying = false;
    }

    /** Whether its farewell is under way. */
    public boolean isSayingClosed() {
        return isSaying;
    }

    public void beginClose(long deadlineNanos) {
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
    public boolean isClosing() {
        return isClosing;
    }

    public long closeDeadlineNanos() {
        return isClosed ? Long.MAX_VALUE : closeDeadlineNanos;
    }

    public void finishClose() {
        acceptNoMore();
        isClosed = true;
        lane.schedule(closed, Context::empty, closed::tryEmitEmpty);
        lane.release();
    }

    public boolean isClosed() {
        return isClosed;
    }

    /** Any thread: completes when the handle is closed. */
    public Mono<Void> whenClosed() {
        return closed.asMono();
    }
}

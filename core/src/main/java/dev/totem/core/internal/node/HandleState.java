/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.GroupName;
import dev.totem.core.SendFailedException;
import dev.totem.core.internal.group.GroupEnvelope;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
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
    private final SortedSet<GroupName> joined = new TreeSet<>();
    private final Sinks.Empty<Void> closed = Sinks.empty();

    private volatile Set<GroupName> joinedSnapshot = Set.of();
    private byte @Nullable [] envelope;
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

    boolean hasJoined(GroupName group) {
        return joined.contains(group);
    }

    void joined(GroupName group) {
        joined.add(group);
        groupsChanged();
    }

    void left(GroupName group) {
        joined.remove(group);
        groupsChanged();
    }

    /** Any thread. */
    Set<GroupName> joinedSnapshot() {
        return joinedSnapshot;
    }

    /** What a message to all joined groups begins with; empty if none is joined. */
    Optional<byte[]> joinedEnvelope() {
        if (joined.isEmpty()) {
            return Optional.empty();
        }
        byte[] known = envelope;
        if (known == null) {
            known = new GroupEnvelope(List.copyOf(joined)).encode();
            envelope = known;
        }
        return Optional.of(known);
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

    private void groupsChanged() {
        joinedSnapshot = Set.copyOf(joined);
        envelope = null;
    }
}

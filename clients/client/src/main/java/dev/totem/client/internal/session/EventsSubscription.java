/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.session;

import dev.totem.client.internal.wire.MemberLists;
import dev.totem.core.EvsEvent;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.OverflowPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * One subscriber of an attached handle. Its demand goes to the executive as it is; what arrives is signalled on the handle's lane,
 * and its bytes are given back to the executive when it was. Any thread, except where it says otherwise.
 */
final class EventsSubscription implements Subscription {

    static final String TOO_LITTLE = "Reactive Streams rule 3.9: a request is for more than 0, not for ";

    private final AttachedHandle handle;
    private final OverflowPolicy policy;
    private final CoreSubscriber<? super EvsEvent> actual;

    private volatile boolean isCancelled;

    // loop only
    private int number = -1;
    private long unsaid;
    private final Map<GroupName, List<GroupMember>> told = new HashMap<>();

    // lane only
    private boolean isDone;
    private int freed;

    EventsSubscription(AttachedHandle handle, OverflowPolicy policy, CoreSubscriber<? super EvsEvent> actual) {
        this.handle = handle;
        this.policy = policy;
        this.actual = actual;
    }

    OverflowPolicy policy() {
        return policy;
    }

    void start() {
        handle.session().execute(() -> {
            if (!isCancelled) {
                handle.attach(this);
            }
        });
    }

    @Override
    public void request(long n) {
        if (isCancelled) {
            return;
        }
        if (n <= 0) {
            cancel();
            handle.lane().run(() -> signalEnd(new IllegalArgumentException(TOO_LITTLE + n)));
            return;
        }
        handle.session().execute(() -> {
            if (number < 0) {
                unsaid = Operators.addCap(unsaid, n);
            } else {
                handle.session().requests().request(number, n, 0);
            }
        });
    }

    @Override
    public void cancel() {
        if (!isCancelled) {
            isCancelled = true;
            handle.session().execute(() -> handle.detach(this));
        }
    }

    /** Loop: it is known at the executive by this number. */
    void started(int underNumber) {
        number = underNumber;
        if (unsaid > 0) {
            handle.session().requests().request(number, unsaid, 0);
            unsaid = 0;
        }
    }

    /** Loop: the number, or -1. */
    int number() {
        return number;
    }

    /**
     * Loop: an event came.
     *
     * @return false if the executive may not send it
     */
    boolean arrived(EvsEvent event, boolean membersAsTold, int bytes) {
        EvsEvent whole = event instanceof GroupChange change ? whole(change, membersAsTold) : event;
        if (whole == null) {
            return false;
        }
        handle.lane().run(() -> give(whole, bytes));
        return true;
    }

    /** With its members: those told before, with who joined and without who left. */
    private @Nullable GroupChange whole(GroupChange change, boolean membersAsTold) {
        GroupChange whole = change;
        if (membersAsTold) {
            List<GroupMember> before = told.get(change.group());
            if (before == null) {
                return null;
            }
            whole = new GroupChange(
                    change.group(),
                    MemberLists.changed(before, change.joined(), change.left()),
                    change.joined(),
                    change.left(),
                    change.reason(),
                    change.position());
        }
        told.put(change.group(), whole.members());
        return whole;
    }

    /** Loop: there is nothing more at the executive, which knows it no more. */
    void ended(@Nullable Throwable reason) {
        handle.lane().run(() -> end(reason));
        handle.forget(this);
    }

    private void give(EvsEvent event, int bytes) {
        if (isCancelled || isDone) {
            return;
        }
        if (event instanceof GroupChange change) {
            handle.given(change);
        }
        freed += bytes;
        if (freed >= handle.session().bytesWorthSaying()) {
            int now = freed;
            freed = 0;
            handle.session().execute(() -> {
                if (number >= 0) {
                    handle.session().requests().request(number, 0, now);
                }
            });
        }
        try {
            actual.onNext(event);
        } catch (Throwable thrown) {
            cancel();
            Operators.onErrorDropped(thrown, actual.currentContext());
        }
    }

    private void end(@Nullable Throwable reason) {
        if (!isCancelled) {
            signalEnd(reason);
        }
    }

    private void signalEnd(@Nullable Throwable reason) {
        if (isDone) {
            return;
        }
        isDone = true;
        if (reason == null) {
            actual.onComplete();
        } else {
            actual.onError(reason);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server.internal;

import dev.totem.client.internal.wire.Frame;
import dev.totem.core.EvsEvent;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Operators;

/**
 * One subscriber of a client. It asks the node for what the client has asked for, as far as the client's share of bytes goes; the
 * rest waits at the node, under the limits of every subscriber. The session's loop only.
 */
final class ServedEvents extends BaseSubscriber<EvsEvent> {

    /** The most that is asked for at once: the largest events may come together. */
    private static final int AHEAD_MAX = 32;

    private static final int EVENT_BYTES_LEAST = 256;

    private final Session session;
    private final int number;
    private final Map<GroupName, List<GroupMember>> told = new HashMap<>();
    private long demand;
    private long asked;
    private long notGiven;
    private int largest;

    ServedEvents(Session session, int number) {
        this.session = session;
        this.number = number;
    }

    int number() {
        return number;
    }

    /** The client asks for more events, and has given its subscriber so many bytes. */
    void requested(long events, int bytes) {
        demand = Operators.addCap(demand, events);
        notGiven = Math.max(0, notGiven - bytes);
        pull();
    }

    /** Asks the node for what there is room for. */
    void pull() {
        long free = session.bytesFree();
        if (session.isConnected()) {
            free = Math.min(free, session.limits().client().eventBytes() - notGiven);
        }
        long ahead = free > 0
                ? Math.max(1, Math.min(AHEAD_MAX, free / Math.max(largest, EVENT_BYTES_LEAST)))
                : notGiven == 0 && session.bytesFree() > 0 ? 1 : 0;
        long more = Math.min(ahead - asked, demand);
        if (more > 0 && (asked == 0 || more >= AHEAD_MAX / 4 || more == demand)) {
            asked += more;
            demand = demand == Long.MAX_VALUE ? demand : demand - more;
            request(more);
        }
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        session.execute(this::pull);
    }

    @Override
    protected void hookOnNext(EvsEvent event) {
        session.execute(() -> tell(event));
    }

    private void tell(EvsEvent event) {
        asked--;
        int bytes =
                session.tell(new Frame.Event(number, event, event instanceof GroupChange change && isAsTold(change)));
        notGiven += bytes;
        largest = Math.max(bytes, largest - (largest >> 4));
        pull();
    }

    private boolean isAsTold(GroupChange change) {
        List<GroupMember> before = told.put(change.group(), change.members());
        return before != null && GroupRolls.follows(before, change);
    }

    @Override
    protected void hookOnComplete() {
        session.execute(() -> {
            session.forget(this);
            session.say(new Frame.Complete(number));
        });
    }

    @Override
    protected void hookOnError(Throwable thrown) {
        session.execute(() -> {
            session.forget(this);
            session.say(new Frame.Broken(number, Requests.known(thrown)));
        });
    }
}

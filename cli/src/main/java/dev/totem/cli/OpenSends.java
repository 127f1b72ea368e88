/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.Delivery;
import dev.totem.core.GroupName;
import dev.totem.core.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The sends that were accepted and not answered yet, and when their answers are due: {@code sent} follows the node's own
 * delivery of the message, if that is going to be shown. Lane only, but for {@link #accept}.
 *
 * <p>Events and the outcome of a send may take different ways to the lane, so an outcome that came first waits. The positions
 * that one node delivers grow: once per delivery at its position or beyond was shown, nothing is missing.
 */
final class OpenSends {

    /** One accepted send; an identity, not a value. */
    static final class OpenSend {

        private final long number;
        private final String tag;
        private final Set<GroupName> groups;

        private OpenSend(long number, String tag, Set<GroupName> groups) {
            this.number = number;
            this.tag = tag;
            this.groups = groups;
        }

        private boolean isShownIn(Set<GroupName> joined) {
            return groups.stream().anyMatch(joined::contains);
        }
    }

    private final EventWriter out;
    private final AtomicLong accepted = new AtomicLong();
    private final Map<Long, OpenSend> open = new ConcurrentSkipListMap<>();
    private final NavigableMap<Position, OpenSend> early = new TreeMap<>();
    private @Nullable Position shown;

    OpenSends(EventWriter out) {
        this.out = out;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /**
     * Any thread, before the message is handed to the node: its outcome may be at the lane before anything that is put there
     * afterwards.
     */
    OpenSend accept(String tag, Collection<GroupName> groups) {
        OpenSend send = new OpenSend(accepted.incrementAndGet(), tag, Set.copyOf(groups));
        open.put(send.number, send);
        return send;
    }

    /** @param joined the groups that are shown at this point of the order */
    void completed(OpenSend send, Position position, Set<GroupName> joined) {
        boolean toBeShown = send.isShownIn(joined) && (shown == null || shown.compareTo(position) < 0);
        if (toBeShown) {
            early.put(position, send);
        } else {
            answer(send, position);
        }
    }

    void failed(OpenSend send, Throwable reason) {
        if (open.remove(send.number) != null) {
            out.sendFailed(send.tag, reason);
        }
    }

    void shown(Delivery delivery) {
        shown = delivery.position();
        if (!early.isEmpty()) {
            answer(early.headMap(delivery.position(), true));
        }
    }

    /** Only these groups are shown from here on. */
    void shownOnly(Set<GroupName> joined) {
        NavigableMap<Position, OpenSend> notShown = new TreeMap<>(early);
        notShown.values().removeIf(send -> send.isShownIn(joined));
        answer(notShown);
    }

    /** Nothing more is shown: whatever has no answer gets one. */
    void end(Throwable reason) {
        answer(new TreeMap<>(early));
        for (OpenSend send : List.copyOf(open.values())) {
            failed(send, reason);
        }
    }

    private void answer(Map<Position, OpenSend> due) {
        for (Map.Entry<Position, OpenSend> entry : new ArrayList<>(due.entrySet())) {
            early.remove(entry.getKey());
            answer(entry.getValue(), entry.getKey());
        }
    }

    private void answer(OpenSend send, Position position) {
        if (open.remove(send.number) != null) {
            out.sent(send.tag, position);
        }
    }
}

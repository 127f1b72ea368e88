/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import dev.totem.core.internal.message.OrderedMessage;
import dev.totem.core.internal.message.RegularToken;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One visit of an accepted token, steps 7 to 16 of {@code PROTOCOL.md} 4.1: free, send again, request, originate, and
 * write down what the next member needs to know. Node loop only.
 *
 * @param forwarded the token to pass on
 * @param retransmitted messages sent again
 * @param requested requests this processor added
 * @param originated messages sent for the first time
 * @param later those of the originated messages that follow the token, in order ({@code PROTOCOL.md} 7.1)
 */
public record TokenVisit(
        RegularToken forwarded, int retransmitted, int requested, int originated, List<OrderedMessage> later) {

    /**
     * Carries out a visit.
     *
     * @param token validated, of this ring, not a duplicate
     * @param consumed what this processor no longer needs itself: delivered, or unwrapped during recovery
     * @param restraint how far the subscribers of this processor cannot follow
     * @param acceleratedWindow how many of the originated messages may follow the token
     * @param sender takes the messages to multicast before the token, in order
     */
    public static TokenVisit of(
            RingOrder order,
            RegularToken token,
            Origination source,
            long consumed,
            Restraint restraint,
            int acceleratedWindow,
            Consumer<OrderedMessage> sender) {
        MessageStore store = order.store();
        store.release(Math.min(order.accept(token), Math.min(consumed, store.aru())));

        List<Long> unserved = new ArrayList<>();
        int retransmitted = retransmit(order, token, unserved, sender);
        order.requests().visited(token.seq());
        List<Long> requests = order.requests().extend(unserved, store);

        int backlog = source.backlog();
        long room = store.released() + store.capacity() - 2L * order.limits().windowSize() - token.seq();
        int allowed =
                order.flow().originationsAllowed(token.fcc(), token.backlog(), backlog, retransmitted, room, restraint);
        allowed = Math.min(allowed, order.pace().frames());
        Deque<OrderedMessage> later = new ArrayDeque<>();
        int originated = originate(order, token.seq(), source, allowed, message -> {
            later.add(message);
            if (later.size() > acceleratedWindow) {
                sender.accept(later.remove());
            }
        });

        int fcc = order.flow().countSent(token.fcc(), retransmitted + originated, restraint);
        if (order.flow().isLittle(fcc)) {
            later.forEach(sender);
            later.clear();
        }

        long seq = token.seq() + originated;
        AruRule aru =
                AruRule.after(token.aru(), token.aruOwner(), seq, order.self().node(), store.aru());
        order.safeLine().forwarded(aru.aru());
        RegularToken forwarded = new RegularToken(
                order.self(),
                order.ring(),
                seq,
                token.tokenSeq() + 1,
                aru.aru(),
                aru.owner(),
                order.flow().reportBacklog(token.backlog(), backlog),
                fcc,
                token.retransFlag(),
                requests);
        order.passed(forwarded);
        return new TokenVisit(
                forwarded, retransmitted, requests.size() - unserved.size(), originated, List.copyOf(later));
    }

    private static int retransmit(
            RingOrder order, RegularToken token, List<Long> unserved, Consumer<OrderedMessage> sender) {
        int allowed = order.flow().retransmissionsAllowed();
        int sent = 0;
        for (Long seq : new LinkedHashSet<>(token.retransmitRequests())) {
            if (seq <= order.store().released()) {
                continue;
            }
            Optional<OrderedMessage> held = sent < allowed ? order.store().get(seq) : Optional.empty();
            if (held.isPresent()) {
                sender.accept(held.get());
                sent++;
            } else {
                unserved.add(seq);
            }
        }
        return sent;
    }

    private static int originate(
            RingOrder order, long tokenSeq, Origination source, int allowed, Consumer<OrderedMessage> sender) {
        int sent = 0;
        while (sent < allowed) {
            Optional<OrderedMessage> next = source.next(tokenSeq + sent + 1);
            if (next.isEmpty()) {
                break;
            }
            order.store().file(next.get());
            sender.accept(next.get());
            sent++;
        }
        return sent;
    }
}

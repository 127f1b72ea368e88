/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.Guarantee;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one log into the history, and checks what concerns one event and what is current at it. One thread. */
final class LogReader implements LogEvent.Handler {

    private final History history;
    private final Life life;
    private final Findings findings;
    private final GroupViewsOfLife groups;
    private @Nullable Span current;
    private boolean begun;
    private boolean ended;
    private @Nullable Position lastDelivered;
    private @Nullable RingId lastSendRing;
    private long lastSendSeq;

    LogReader(History history, Life life, Findings findings) {
        this.history = history;
        this.life = life;
        this.findings = findings;
        this.groups = new GroupViewsOfLife(life, history.groups, findings);
    }

    void read() {
        for (LogEvent event : life.log.events()) {
            if (ended) {
                findings.add(
                        EvsRule.S2_2, "an event after the end of a life", List.of(life), List.of(life.says(event)));
            }
            event.dispatch(this);
        }
    }

    @Override
    public void conf(LogEvent.Conf conf) {
        first(conf);
        Span span = new Span(life, life.spans.size(), conf, history.options.firstReplayed() && life.spans.isEmpty());
        if (current != null) {
            current.next = span;
        }
        life.spans.add(span);
        current = span;
        groups.changed(conf);
    }

    @Override
    public void group(LogEvent.Group group) {
        groups.changed(group);
    }

    @Override
    public void submit(LogEvent.Submit submit) {
        Known known = history.known(submit.mid());
        known.guarantee = stronger(known.guarantee, submit.guarantee());
        known.asked = submit.guarantee();
        known.onlyInPrimary |= submit.isOnlyInPrimary();
        if (known.submitted == null) {
            known.submitted = moment();
            history.streamsOf(life)
                    .computeIfAbsent(submit.mid().handle(), handle -> new ArrayList<>())
                    .add(known);
        }
    }

    @Override
    public void send(LogEvent.Send send) {
        history.hasSends = true;
        Known known = history.known(send.mid());
        known.guarantee = stronger(known.guarantee, send.guarantee());
        known.asked = known.asked == null ? send.guarantee() : known.asked;
        findings.count(EvsRule.ST9);
        if (current == null || !current.isRegular() || !current.conf.ring().equals(send.ring())) {
            findings.add(EvsRule.ST9, "sent while another configuration was current", List.of(life), chain(send));
        }
        findings.count(EvsRule.S1_4);
        if (known.sent != null) {
            findings.add(EvsRule.S1_4, "sent twice", List.of(known.sent.life(), life), chain(send));
            return;
        }
        if (send.ring().equals(lastSendRing) && send.seq() < lastSendSeq) {
            findings.add(EvsRule.ST10, "sent out of order, after number " + lastSendSeq, List.of(life), chain(send));
        }
        lastSendRing = send.ring();
        lastSendSeq = send.seq();
        known.sent = moment();
        known.sentRing = send.ring();
    }

    @Override
    public void sent(LogEvent.Sent sent) {
        Known known = history.known(sent.mid());
        known.confirmed = true;
        history.hasConfirmations = true;
        place(known, sent.position(), sent);
        findings.count(EvsRule.A1);
        boolean own = life.spans.stream()
                .anyMatch(span -> span.conf.ring().equals(sent.position().ring()));
        if (!own) {
            findings.add(EvsRule.A1, "confirmed on a ring that was never current", List.of(life), chain(sent));
        } else if (!known.deliveredAtHome) {
            findings.add(EvsRule.A1, "confirmed before it was delivered here", List.of(life), chain(sent));
        }
    }

    @Override
    public void unsent(LogEvent.Unsent unsent) {
        history.known(unsent.mid()).failed = unsent.fate();
    }

    @Override
    public void deliver(LogEvent.Deliver deliver) {
        first(deliver);
        Known known = history.known(deliver.mid());
        history.hasDerivedIds |= deliver.mid().isDerived();
        known.guarantee = stronger(known.guarantee, deliver.guarantee());
        known.delivered = true;
        known.deliveredSafe |= deliver.guarantee() == Guarantee.SAFE;
        known.deliveredNotSafe |= deliver.guarantee() != Guarantee.SAFE;
        known.deliveredAtHome |= life.process().equals(known.sender);
        findings.count(EvsRule.S2_2);
        if (current == null || !current.conf.ring().equals(deliver.position().ring())) {
            findings.add(EvsRule.S2_2, "delivered in a configuration of another ring", List.of(life), chain(deliver));
        }
        findings.count(EvsRule.A2);
        if (lastDelivered != null && deliver.position().compareTo(lastDelivered) <= 0) {
            findings.add(EvsRule.A2, "delivered after " + lastDelivered, List.of(life), chain(deliver));
        }
        lastDelivered = deliver.position();
        place(known, deliver.position(), deliver);
        if (current != null) {
            current.delivered.add(known);
        }
        groups.delivered(deliver);
    }

    @Override
    public void fail(LogEvent.Fail fail) {
        life.tailLost = fail.isTailLost();
        life.failed = true;
        ended = true;
    }

    @Override
    public void left() {
        life.left = true;
        ended = true;
    }

    @Override
    public void stuck() {
        life.stuck = true;
        ended = true;
    }

    private void first(LogEvent event) {
        if (begun) {
            return;
        }
        begun = true;
        if (history.options.firstReplayed()) {
            return;
        }
        findings.count(EvsRule.ST1);
        boolean alone = event instanceof LogEvent.Conf conf
                && conf.isRegular()
                && conf.members().equals(List.of(life.process()));
        if (!alone) {
            findings.add(EvsRule.ST1, "a life begins otherwise", List.of(life), List.of(life.says(event)));
        }
    }

    private void place(Known known, Position position, LogEvent event) {
        findings.count(EvsRule.ST10);
        if (known.position == null) {
            known.position = position;
        } else if (!known.position.equals(position)) {
            findings.add(
                    EvsRule.ST10, "elsewhere it is at " + known.position, List.of(life), List.of(life.says(event)));
        }
    }

    private Known.Moment moment() {
        return new Known.Moment(life, current, current == null ? 0 : current.delivered.size());
    }

    private List<String> chain(LogEvent event) {
        return current == null ? List.of(life.says(event)) : List.of(life.says(current.conf), life.says(event));
    }

    private static Guarantee stronger(Guarantee one, Guarantee other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}

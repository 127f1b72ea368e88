/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Member;
import dev.totem.core.GroupChange;
import dev.totem.core.NodeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The beginning of a configuration that may decide: its members say what they know, and the lowest of them says what the
 * configuration goes on with, at once if all have spoken, and else after the others had a rotation to do so. One thread.
 */
final class Listening {

    private final Settings settings;
    private final Member member;
    private final Outbox out;
    private final List<CatchUp.Waiting> heard = new ArrayList<>();
    private final Set<Member> answered = new HashSet<>();
    private List<NodeId> present = List.of();
    private boolean isNudged;

    Listening(Settings settings, Member member, Outbox out) {
        this.settings = settings;
        this.member = member;
        this.out = out;
    }

    void begin() {
        heard.clear();
        answered.clear();
        isNudged = false;
    }

    /** Who has a replica. */
    void present(GroupChange change) {
        if (out.isToAll(change.group())) {
            present = change.members().stream().map(one -> one.id().node()).toList();
        }
    }

    /** @param own what this member knows */
    void hear(Round current, CatchUp.Waiting one, Supplier<Frame.Exchange> own) {
        heard.add(one);
        Frame frame = one.frame();
        if (frame instanceof Frame.Exchange exchange && exchange.ring().equals(current.ring())) {
            current.exchanged(exchange);
            if (exchange.isLate() && !exchange.member().equals(member) && answered.add(exchange.member())) {
                out.send(own.get());
            }
            propose(current, false);
        } else if (frame instanceof Frame.Leave leave) {
            current.left(leave.member());
            isNudged = false;
            propose(current, false);
        } else if (frame instanceof Frame.Mark mark && mark.instance() == member.instance() && mark.tag() == 0) {
            propose(current, true);
        }
    }

    private void propose(Round current, boolean isWaitedFor) {
        if (!current.isLowest(member.node())) {
            return;
        }
        Optional<Frame.Adopt> proposal = current.proposal(settings, present);
        if (proposal.isEmpty()) {
            return;
        }
        if (isWaitedFor || current.isEverybodyHeard()) {
            out.send(proposal.get());
        } else if (!isNudged) {
            isNudged = true;
            out.send(new Frame.Mark(member.instance(), 0));
        }
    }

    /** What was heard so far, once. */
    List<CatchUp.Waiting> takeHeard() {
        List<CatchUp.Waiting> taken = List.copyOf(heard);
        heard.clear();
        return taken;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Member;
import dev.totem.core.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The beginning of a configuration that may decide: its members say what they know, and the lowest of them says what the
 * configuration goes on with, at once if all have spoken, and else after the others had a rotation to do so. One thread.
 *
 * <p>Whoever has a replica and still says nothing after {@link #PATIENCE} does not hold up a first start any longer, if those who have
 * spoken are enough for one. Then anybody may say what the configuration goes on with, as the lowest may be the one that is stuck; the
 * first to say so counts.
 */
final class Listening {

    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger("dev.totem.blocks");

    private final Settings settings;
    private final Member member;
    private final Outbox out;
    private final List<CatchUp.Waiting> heard = new ArrayList<>();
    private final Set<Member> answered = new HashSet<>();
    private @Nullable Round forming;
    private boolean isNudged;
    private boolean isPatient = true;

    Listening(Settings settings, Member member, Outbox out) {
        this.settings = settings;
        this.member = member;
        this.out = out;
    }

    void begin(Round next) {
        forming = next;
        isNudged = false;
        isPatient = true;
    }

    /** Another configuration begins. */
    void end() {
        forming = null;
        heard.clear();
        answered.clear();
    }

    /** A configuration began {@link #PATIENCE} ago. */
    void lastsLong(Round current) {
        if (forming != current) {
            return;
        }
        isPatient = false;
        List<NodeId> silent = Round.nodesOf(current.silent(current.present()));
        boolean isEnough = current.proposal(settings, awaited(current)).isPresent();
        String inPlace =
                silent.isEmpty() ? "goes on in place of the lowest, which is stuck" : "goes on without the silent";
        LOG.warn(
                "the replica of \"{}\" on node {} {}: nodes {} have said what they know, {} have a replica and say"
                        + " nothing for {} s (quorum {}, {} replicas are expected)",
                settings.name(),
                member.node(),
                isEnough ? inPlace : "waits to begin",
                current.heard(),
                silent,
                PATIENCE.toSeconds(),
                settings.quorum(),
                settings.expect());
        propose(current, true);
    }

    /** Where parts are merged, what a silent one has would be lost. */
    private Set<Member> awaited(Round current) {
        return isPatient || settings.quorum().isNone() ? current.present() : Set.of();
    }

    /** Somebody came or is gone. */
    void attended(Round current) {
        isNudged = false;
        propose(current, false);
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
            attended(current);
        } else if (frame instanceof Frame.Mark mark && mark.instance() == member.instance() && mark.tag() == 0) {
            propose(current, true);
        }
    }

    private void propose(Round current, boolean isWaitedFor) {
        if (isPatient && !current.isLowest(member)) {
            return;
        }
        Optional<Frame.Adopt> proposal = current.proposal(settings, awaited(current));
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
        forming = null;
        return taken;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Divergence;
import dev.totem.blocks.Member;
import dev.totem.blocks.ReplicaStoppedException;
import dev.totem.blocks.StateStatus.Phase;
import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.GroupChange;
import dev.totem.core.NodeId;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/**
 * One replica: follows the order, and decides with the others what is applied. One thread, that of its scheduler.
 *
 * <p>In a configuration that may decide, members say what they know ({@link Frame.Exchange}), and one of them says what the
 * configuration goes on with ({@link Frame.Adopt}). Who has less gets the rest from the lowest that has it. A command is decided,
 * and applied, when it is delivered safe in the regular configuration while a majority has the log before it. What is delivered
 * elsewhere stays undecided behind what is applied, until the next configuration decides.
 */
public final class Replica {

    private final Settings settings;
    private final NodeId self;
    private final Member member;
    private final Outbox out;
    private final Supplier<Machine<?, ?, ?>> machines;
    private final Site site;
    private final Standing standing;
    private final Calls calls;
    private final Listening listening;
    private final Transfers transfers;
    private final CatchUp catchUp;
    private final Duties duties;
    private final Comparison comparison;
    private final Roll roll;
    private final Apart apart;

    private @Nullable ConfigChange config;
    private @Nullable Round round;
    private @Nullable Log log;
    private Stage stage = Stage.LISTENING;
    private boolean isRegular;
    private boolean isLate = true;
    private boolean cameAsAWhole;
    private boolean isStopped;

    Replica(Settings settings, Site site, Supplier<Machine<?, ?, ?>> machines) {
        this.settings = settings;
        this.member = site.member();
        this.self = member.node();
        this.out = site.out();
        this.site = site;
        this.machines = machines;
        this.standing = new Standing(settings, site.onStatus());
        this.calls = new Calls(settings, member, out, site.scheduler());
        this.listening = new Listening(settings, member, out);
        this.transfers = new Transfers(out);
        this.comparison = new Comparison(member, settings.compareEvery());
        this.roll = new Roll(member, transfers, comparison);
        this.apart = new Apart(member, out);
        this.duties = new Duties(settings, out, site.scheduler(), this);
        this.catchUp = new CatchUp(
                settings.waitingBytes(),
                (at, core) -> new Applied(machines.get(), settings.tick().toMillis(), at, core));
    }

    void onEvent(EvsEvent event) {
        if (isStopped) {
            return;
        }
        try {
            if (event instanceof ConfigChange change) {
                changed(change);
            } else if (event instanceof Delivery delivery) {
                delivered(delivery);
            } else if (event instanceof GroupChange change && out.isToAll(change.group())) {
                attended(change);
            }
        } catch (RuntimeException failure) {
            stop(failure);
        }
        tell();
    }

    private void changed(ConfigChange change) {
        isLate = config == null;
        config = change;
        isRegular = change.isRegular();
        calls.lapse();
        if (!isRegular) {
            return;
        }
        transfers.stopAll();
        apart.stop();
        catchUp.clear();
        listening.end();
        comparison.begin();
        duties.begin();
        stage = Stage.LISTENING;
        if (settings.mayDecide(change.members())) {
            Round next = roll.begin(change);
            round = next;
            out.send(exchange(false));
            listening.begin(next);
            duties.afterPatience(() -> listening.lastsLong(next));
        } else {
            round = null;
            calls.refuseAll(standing.notPrimary(config));
        }
    }

    private void attended(GroupChange change) {
        Round current = isRegular ? round : null;
        boolean wasDonor = current != null && current.isDonor(member);
        roll.attended(change, current);
        if (current == null) {
            return;
        }
        switch (stage) {
            case LISTENING -> listening.attended(current);
            case BEHIND -> current.requireDonorOf(member);
            case FOLLOWING -> {
                Log known = Objects.requireNonNull(log, "following without a log");
                if (!wasDonor) {
                    roll.serveAll(current, known, change.position(), true);
                }
                decide(current, known);
            }
        }
    }

    private Frame.Exchange exchange(boolean isAgain) {
        ConfigChange current = Objects.requireNonNull(config, "no configuration");
        return Log.said(log, current.ring(), member, isLate, isAgain, apart.points());
    }

    private void delivered(Delivery delivery) {
        Frame frame = FrameCodec.decode(delivery.payload());
        calls.ordered(delivery, frame);
        Round current = round;
        if (current == null) {
            calls.refuse(delivery.position(), standing.notPrimary(config));
            return;
        }
        if (frame instanceof Frame.Part part) {
            if (part.ring().equals(current.ring()) && part.instance() == member.instance()) {
                received(current, delivery.sender(), part);
            }
            return;
        }
        if (stage != Stage.FOLLOWING) {
            current.overheard(frame);
        }
        switch (stage) {
            case LISTENING -> listen(current, delivery, frame);
            case BEHIND -> await(new CatchUp.Waiting(delivery, frame));
            case FOLLOWING -> follow(current, delivery, frame);
        }
    }

    private void listen(Round current, Delivery delivery, Frame frame) {
        if (!(frame instanceof Frame.Adopt adopt)) {
            listening.hear(current, new CatchUp.Waiting(delivery, frame), () -> exchange(false));
        } else if (adopt.ring().equals(current.ring())) {
            adopt(current, delivery, adopt);
        }
    }

    private void adopt(Round current, Delivery delivery, Frame.Adopt adopt) {
        current.adopted(adopt.inState());
        apart.adopted(adopt, current.isInState(member) ? null : log);
        if (!current.isInState(member)) {
            fallBehind();
            if (isRegular) {
                current.requireDonorOf(member);
            }
            return;
        }
        Log known = log;
        if (adopt.isCreated()) {
            known = new Log(
                    current.ring(),
                    new Applied(machines.get(), settings.tick().toMillis(), adopt.total()),
                    settings.keptBytes());
            log = known;
        }
        if (known == null || !known.total().isSame(adopt.total())) {
            throw new IllegalStateException("this replica is said to have a log that it has not");
        }
        known.epoch(current.ring());
        comparison.follow(known.applied().at().index());
        stage = Stage.FOLLOWING;
        for (CatchUp.Waiting one : listening.takeHeard()) {
            if (one.frame() instanceof Frame.Logged && !(one.frame() instanceof Frame.Passing)) {
                known.append(Entry.of(one.delivery()));
            }
        }
        known.append(Entry.of(delivery));
        roll.serveAll(current, known, delivery.position(), isRegular);
        decide(current, known);
    }

    /** What was heard so far may lie behind the cut of a transfer that was begun for a replica that listens late. */
    private void fallBehind() {
        stage = Stage.BEHIND;
        listening.takeHeard().forEach(this::await);
    }

    private void await(CatchUp.Waiting one) {
        if (!catchUp.await(one)) {
            out.send(exchange(true));
        }
    }

    private void received(Round current, NodeId donor, Frame.Part part) {
        if (stage == Stage.FOLLOWING) {
            return;
        }
        if (stage == Stage.LISTENING) {
            if (!isLate) {
                // Whoever listened from the beginning learns first what the configuration goes on with.
                return;
            }
            fallBehind();
        }
        Optional<CatchUp.Result> result = catchUp.take(donor, part);
        if (result.isPresent()) {
            caughtUp(current, result.get());
        }
    }

    private void caughtUp(Round current, CatchUp.Result result) {
        Log next = log;
        if (result.state().isPresent()) {
            next = new Log(current.ring(), result.state().get(), settings.keptBytes());
            cameAsAWhole = true;
        } else if (next != null && next.applied().at().isSame(result.from())) {
            next.truncate();
            next.epoch(current.ring());
        } else {
            out.send(exchange(true));
            return;
        }
        result.entries().forEach(next::append);
        if (!next.total().isSame(result.total())) {
            throw new IllegalStateException("the transfer is not the log that it says it is");
        }
        log = next;
        apart.forget(next.applied());
        comparison.follow(next.total().index());
        stage = Stage.FOLLOWING;
        current.adopted(result.inState());
        result.waiting().forEach(one -> follow(current, one.delivery(), one.frame()));
        out.send(new Frame.InState(current.ring(), member));
    }

    private void follow(Round current, Delivery delivery, Frame frame) {
        Log known = Objects.requireNonNull(log, "following without a log");
        if (frame instanceof Frame.Mark mark) {
            calls.marked(delivery, mark, isActive());
        } else if (frame instanceof Frame.Check check) {
            Optional<Divergence> found = isRegular ? comparison.heard(check, current) : Optional.empty();
            if (found.isPresent()) {
                diverged(known, found.get());
                return;
            }
        } else if (current.concerns(frame)) {
            if (frame instanceof Frame.Logged) {
                known.append(Entry.of(delivery));
            }
            roll.hear(current, known, delivery.position(), frame, isRegular);
        }
        decide(current, known);
    }

    /** What this member has is wrong: it asks for what the others have, as one that has forgotten. */
    private void diverged(Log known, Divergence found) {
        Divergence complete = new Divergence(
                found.index(), known.applied().trail().position(found.index()), found.isExact(), found.others());
        transfers.stopAll();
        calls.forfeit(standing.diverged(self, complete));
        comparison.left(member);
        log = null;
        fallBehind();
        out.send(new Frame.Diverged(exchange(true).ring(), member));
        out.send(exchange(true));
    }

    /** Applies what there is, if enough have it. */
    private void decide(Round current, Log known) {
        if (!isDeciding(current)) {
            return;
        }
        known.applyAll((entry, answer) -> {
            site.onApplied().run();
            known.applied().merged().ifPresent(site.onMerged());
            answer.ifPresent(value -> calls.applied(entry.position(), value));
        });
        apart.forget(known.applied());
        calls.settle(cameAsAWhole);
        cameAsAWhole = false;
        if (current.isInState(member)) {
            comparison.due(current.ring(), known.applied()).ifPresent(out::send);
            calls.sendWaiting();
            duties.confirm();
        }
        if (current.isDonor(member)) {
            duties.ofDonor(current, known.applied());
        }
    }

    private boolean isDeciding(Round current) {
        return isRegular && stage == Stage.FOLLOWING && settings.mayDecide(current.nodesDeciding());
    }

    private boolean isActive() {
        Round current = round;
        return current != null && isDeciding(current) && current.isInState(member);
    }

    Duties duties() {
        return duties;
    }

    /** Sends a mark that confirms the lease; false if this member decides nothing at the moment. */
    boolean confirm() {
        if (!isActive()) {
            return false;
        }
        calls.confirm();
        return true;
    }

    /** Whether it is for this member to do what one of all does. */
    boolean isDonor() {
        Round current = round;
        return current != null && isActive() && current.isDonor(member);
    }

    boolean isStopped() {
        return isStopped;
    }

    Calls calls() {
        return calls;
    }

    void submit(byte[] command, MonoSink<Object> sink) {
        calls.submit(command, sink, standing.refusal(isStopped, config, round), isActive());
    }

    /** Completes when everything that was decided before the call is applied here. */
    void mark(MonoSink<Boolean> sink) {
        calls.mark(sink, standing.refusal(isStopped, config, round), isActive());
    }

    /** The machine as of now; empty before there is a state. */
    Optional<Machine<?, ?, ?>> machine() {
        return Optional.ofNullable(log).map(known -> known.applied().machine());
    }

    Member member() {
        return member;
    }

    /** Ends all that is open; nothing happens any more. */
    void close(String why) {
        if (!isStopped) {
            isStopped = true;
            transfers.stopAll();
            apart.stop();
            calls.end(why);
            tell();
        }
    }

    /** It cannot go on. */
    void stop(Throwable cause) {
        if (!isStopped) {
            String why =
                    "the replica of \"" + settings.name() + "\" on node " + self + " stopped: " + cause.getMessage();
            // What depends on this member is told before the others are, who may give it away.
            close(why);
            out.send(new Frame.Leave(member));
            site.onStopped().accept(new ReplicaStoppedException(why, cause));
        }
    }

    private void tell() {
        Phase phase = Standing.phase(isStopped, round != null, isActive(), stage != Stage.LISTENING && isRegular);
        standing.tell(phase, round, log, catchUp.receivedBytes());
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Member;
import dev.totem.blocks.ReplicaStoppedException;
import dev.totem.blocks.StateStatus;
import dev.totem.blocks.StateStatus.Phase;
import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.NodeClosedException;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.SendFailedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * One replica: follows the order, and decides with the others what is applied. One thread, that of its scheduler.
 *
 * <p>In a configuration that may decide, members say what they know ({@link Frame.Exchange}), and one of them says what the
 * configuration goes on with ({@link Frame.Adopt}). Who has less gets the rest from the lowest that has it. A command is decided,
 * and applied, when it is delivered safe in the regular configuration while a majority has the log before it. What is delivered
 * elsewhere stays undecided behind what is applied, until the next configuration decides.
 */
public final class Replica {

    private static final String NOT_PRIMARY =
            "this part of the network may not decide (quorum %s, members %s);" + " wait until it has healed";

    /** Where a replica stands in a configuration. */
    private enum Stage {
        /** It is not known what the configuration goes on with. */
        LISTENING,
        /** It is known, and this replica has something else. */
        BEHIND,
        /** This replica has it. */
        FOLLOWING
    }

    private final Settings settings;
    private final NodeId self;
    private final Member member;
    private final Outbox out;
    private final Supplier<Machine<?, ?>> machines;
    private final Scheduler scheduler;
    private final Consumer<StateStatus> onStatus;
    private final Consumer<ReplicaStoppedException> onStopped;
    private final Submits submits = new Submits();
    private final Marks marks;
    private final Transfers transfers;
    private final CatchUp catchUp;
    private final List<CatchUp.Waiting> heard = new ArrayList<>();
    private final Set<Member> answered = new HashSet<>();
    private final Duties duties;

    private @Nullable ConfigChange config;
    private @Nullable Round round;
    private @Nullable Log log;
    private Stage stage = Stage.LISTENING;
    private boolean isRegular;
    private boolean isLate = true;
    private boolean isNudged;
    private boolean cameAsAWhole;
    private boolean isStopped;
    private long leaseUntilNanos = Long.MIN_VALUE;
    private StateStatus status = new StateStatus(Phase.NOT_PRIMARY, List.of(), 0, 0);

    /** Where a replica runs, and whom it tells. */
    public record Site(
            Member member,
            Outbox out,
            Scheduler scheduler,
            Consumer<StateStatus> onStatus,
            Consumer<ReplicaStoppedException> onStopped) {}

    Replica(Settings settings, Site site, Supplier<Machine<?, ?>> machines) {
        this.settings = settings;
        this.member = site.member();
        this.self = member.node();
        this.out = site.out();
        this.scheduler = site.scheduler();
        this.onStatus = site.onStatus();
        this.onStopped = site.onStopped();
        this.machines = machines;
        this.marks = new Marks(tag -> out.send(new Frame.Mark(member.instance(), tag)));
        this.transfers = new Transfers(out);
        this.duties = new Duties(settings, out, scheduler, this);
        this.catchUp = new CatchUp(settings.waitingBytes(), this::received);
    }

    private Applied received(LogPoint at, byte[] core) {
        return new Applied(machines.get(), settings.tick().toMillis(), at, core);
    }

    // what happens

    void onEvent(EvsEvent event) {
        if (isStopped) {
            return;
        }
        try {
            if (event instanceof ConfigChange change) {
                changed(change);
            } else if (event instanceof Delivery delivery) {
                delivered(delivery);
            }
        } catch (RuntimeException failure) {
            stop(
                    "the replica of \"" + settings.name() + "\" on node " + self + " stopped: " + failure.getMessage(),
                    failure);
        }
        tell();
    }

    private void changed(ConfigChange change) {
        isLate = config == null;
        config = change;
        isRegular = change.isRegular();
        marks.lapse();
        if (!isRegular) {
            return;
        }
        transfers.stopAll();
        catchUp.clear();
        heard.clear();
        answered.clear();
        duties.begin();
        isNudged = false;
        stage = Stage.LISTENING;
        if (settings.quorum().isPrimary(change.members())) {
            round = new Round(change.ring(), change.members());
            out.send(exchange(false));
        } else {
            round = null;
            submits.lose(
                    "the configuration ended before the command was decided, and this part may not decide: the others"
                            + " may have counted it");
            submits.refuseWaiting(notPrimary());
            marks.refuse(notPrimary());
        }
    }

    private String notPrimary() {
        ConfigChange known = config;
        return NOT_PRIMARY.formatted(settings.quorum(), known == null ? List.of() : known.members());
    }

    private Frame.Exchange exchange(boolean isAgain) {
        Log known = log;
        ConfigChange current = config;
        if (current == null) {
            throw new IllegalStateException("no configuration");
        }
        return new Frame.Exchange(
                current.ring(),
                member,
                Optional.ofNullable(known).map(Log::epoch),
                known == null ? LogPoint.NOTHING : known.applied().at(),
                known == null ? LogPoint.NOTHING : known.total(),
                isLate,
                isAgain);
    }

    private void delivered(Delivery delivery) {
        Frame frame = FrameCodec.decode(delivery.payload());
        boolean isOwn = delivery.sender().equals(self);
        if (isOwn && frame instanceof Frame.Command command && command.instance() == member.instance()) {
            submits.delivered(command.tag(), delivery.position());
        }
        Round current = round;
        if (current == null) {
            submits.refuse(delivery.position(), notPrimary());
            return;
        }
        if (frame instanceof Frame.Part part) {
            if (part.ring().equals(current.ring()) && part.instance() == member.instance()) {
                received(current, delivery.sender(), part);
            }
            return;
        }
        switch (stage) {
            case LISTENING -> listen(current, delivery, frame);
            case BEHIND -> await(delivery, frame);
            case FOLLOWING -> follow(current, delivery, frame, isRegular);
        }
    }

    // before it is known what the configuration goes on with

    private void listen(Round current, Delivery delivery, Frame frame) {
        if (frame instanceof Frame.Adopt adopt) {
            if (adopt.ring().equals(current.ring())) {
                adopt(current, delivery, adopt);
            }
            return;
        }
        heard.add(new CatchUp.Waiting(delivery, frame, isRegular));
        if (frame instanceof Frame.Exchange exchange && exchange.ring().equals(current.ring())) {
            current.exchanged(exchange);
            if (exchange.isLate() && !exchange.member().equals(member) && answered.add(exchange.member())) {
                out.send(exchange(false));
            }
            propose(current, false);
        } else if (frame instanceof Frame.Leave leave) {
            current.left(leave.member());
            propose(current, false);
        } else if (frame instanceof Frame.Mark mark && mark.instance() == member.instance() && mark.tag() == 0) {
            propose(current, true);
        }
    }

    /** The lowest speaks, at once if all have spoken, and else after the others had a rotation to do so. */
    private void propose(Round current, boolean isWaitedFor) {
        if (!current.isLowest(self)) {
            return;
        }
        Optional<Frame.Adopt> proposal = current.proposal(settings.quorum(), settings.expect());
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

    private void adopt(Round current, Delivery delivery, Frame.Adopt adopt) {
        current.adopted(adopt.inState());
        if (!current.isInState(member)) {
            fallBehind();
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
        stage = Stage.FOLLOWING;
        for (CatchUp.Waiting one : heard) {
            if (one.frame() instanceof Frame.Logged && !(one.frame() instanceof Frame.InState)) {
                known.append(entry(one.delivery()));
            }
        }
        heard.clear();
        known.append(entry(delivery));
        serveAll(current, known, delivery.position());
        decide(current, known);
    }

    // while it comes

    /** What was heard so far may lie behind the cut of a transfer that was begun for a replica that listens late. */
    private void fallBehind() {
        stage = Stage.BEHIND;
        heard.forEach(one -> catchUp.await(one.delivery(), one.frame(), one.isRegular()));
        heard.clear();
    }

    private void await(Delivery delivery, Frame frame) {
        if (!catchUp.await(delivery, frame, isRegular)) {
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
        stage = Stage.FOLLOWING;
        current.adopted(result.inState());
        result.waiting().forEach(one -> follow(current, one.delivery(), one.frame(), one.isRegular() && isRegular));
        out.send(new Frame.InState(current.ring(), member));
    }

    // behind it

    private void follow(Round current, Delivery delivery, Frame frame, boolean wasRegular) {
        Log known = log;
        if (known == null) {
            throw new IllegalStateException("following without a log");
        }
        if (frame instanceof Frame.Exchange exchange) {
            if (exchange.ring().equals(current.ring())) {
                current.exchanged(exchange);
                current.heard(exchange.member());
                if (!current.isInState(exchange.member()) && current.isDonor(self) && wasRegular) {
                    transfers.serve(exchange, current.ring(), delivery.position(), current.inState(), known);
                }
            }
        } else if (frame instanceof Frame.Mark mark) {
            marked(current, delivery, mark);
        } else if (frame instanceof Frame.InState inState) {
            if (inState.ring().equals(current.ring())) {
                current.entered(inState.member());
                known.append(entry(delivery));
            }
        } else if (frame instanceof Frame.Leave leave) {
            boolean wasDonor = current.isDonor(self);
            current.left(leave.member());
            known.append(entry(delivery));
            if (!wasDonor) {
                serveAll(current, known, delivery.position());
            }
        } else if (frame instanceof Frame.Logged && !(frame instanceof Frame.Adopt)) {
            known.append(entry(delivery));
        }
        if (wasRegular) {
            decide(current, known);
        }
    }

    private void serveAll(Round current, Log known, Position cut) {
        if (current.isDonor(self) && isRegular) {
            current.behind()
                    .forEach(exchange -> transfers.serve(exchange, current.ring(), cut, current.inState(), known));
        }
    }

    private static Entry entry(Delivery delivery) {
        return new Entry(delivery.position(), delivery.sender(), delivery.payload());
    }

    /** Applies what there is, if enough have it. */
    private void decide(Round current, Log known) {
        if (!isDeciding(current)) {
            return;
        }
        known.applyAll((entry, answer) -> answer.ifPresent(value -> submits.applied(entry.position(), value)));
        submits.settle(cameAsAWhole);
        cameAsAWhole = false;
        if (current.isInState(member)) {
            submits.sendWaiting(this::command);
            marks.send(false, nowNanos());
            duties.confirm();
        }
        if (current.isDonor(self)) {
            known.applied().departed().forEach(duties::fence);
            duties.tick();
        }
    }

    private boolean isDeciding(Round current) {
        return isRegular && stage == Stage.FOLLOWING && settings.quorum().isPrimary(current.nodesInState());
    }

    private boolean isActive() {
        Round current = round;
        return current != null && isDeciding(current) && current.isInState(member);
    }

    private Disposable command(long tag, byte[] bytes, Consumer<Throwable> onFailed) {
        byte[] frame = FrameCodec.encode(
                new Frame.Command(member.instance(), tag, settings.clock().millis(), bytes));
        return out.send(frame, failed -> scheduler.schedule(() -> onFailed.accept(failed)));
    }

    // leases

    /** From now on, or no longer, this member makes sure that nobody else takes it for gone. */
    void keepLease(boolean isWanted) {
        duties.keepLease(isWanted);
    }

    /** Sends a mark that confirms the lease; false if this member decides nothing at the moment. */
    boolean confirm() {
        if (!isActive()) {
            return false;
        }
        marks.send(true, nowNanos());
        return true;
    }

    /** Whether it is for this member to do what one of all does. */
    boolean isDonor() {
        Round current = round;
        return current != null && isActive() && current.isDonor(self);
    }

    boolean isStopped() {
        return isStopped;
    }

    private void marked(Round current, Delivery delivery, Frame.Mark mark) {
        if (!delivery.sender().equals(self) || mark.instance() != member.instance() || !marks.isCurrent(mark.tag())) {
            return;
        }
        if (isDeciding(current) && current.isInState(member)) {
            long sentNanos = marks.cameBack();
            // Clocks may differ by a tenth: a fifth less than what the others wait.
            leaseUntilNanos = sentNanos + settings.lease().toNanos() * 4 / 5;
        } else {
            marks.lapse();
        }
    }

    /** Until then nobody else takes this member for gone, in nanoseconds of its scheduler. */
    long leaseUntilNanos() {
        return leaseUntilNanos;
    }

    long nowNanos() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    // what users ask for

    void submit(byte[] command, MonoSink<Object> sink) {
        if (isStopped) {
            sink.error(stopped());
            return;
        }
        if (config != null && round == null) {
            sink.error(refusedHere());
            return;
        }
        long tag = submits.add(command, sink);
        sink.onDispose(() -> scheduler.schedule(() -> submits.cancelled(tag)));
        if (isActive()) {
            submits.sendWaiting(this::command);
        }
    }

    /** Completes when everything that was decided before the call is applied here. */
    void mark(MonoSink<Boolean> sink) {
        if (isStopped) {
            sink.error(stopped());
        } else if (config != null && round == null) {
            sink.error(refusedHere());
        } else {
            marks.add(sink);
            if (isActive()) {
                marks.send(false, nowNanos());
            }
        }
    }

    private SendFailedException refusedHere() {
        return new SendFailedException(SendFailedException.Fate.REFUSED, notPrimary(), true);
    }

    private static NodeClosedException stopped() {
        return new NodeClosedException("the replica");
    }

    /** The machine as of now; empty before there is a state. */
    Optional<Machine<?, ?>> machine() {
        return Optional.ofNullable(log).map(known -> known.applied().machine());
    }

    /** Where the state stands. */
    Optional<LogPoint> at() {
        return Optional.ofNullable(log).map(known -> known.applied().at());
    }

    Member member() {
        return member;
    }

    // the end

    /** Ends all that is open; nothing happens any more. */
    void close(String why) {
        if (!isStopped) {
            isStopped = true;
            transfers.stopAll();
            submits.endAll(why);
            marks.refuse(why);
            tell();
        }
    }

    private void stop(String why, RuntimeException cause) {
        out.send(new Frame.Leave(member));
        close(why);
        onStopped.accept(new ReplicaStoppedException(why, cause));
    }

    private void tell() {
        Round current = round;
        StateStatus now = new StateStatus(
                phase(),
                current == null ? List.of() : current.nodesInState(),
                log == null ? 0 : log.applied().at().index(),
                catchUp.receivedBytes());
        if (!now.equals(status)) {
            status = now;
            onStatus.accept(now);
        }
    }

    private Phase phase() {
        if (isStopped) {
            return Phase.STOPPED;
        }
        if (round == null) {
            return Phase.NOT_PRIMARY;
        }
        if (isActive()) {
            return Phase.IN_STATE;
        }
        return stage == Stage.LISTENING || !isRegular ? Phase.FORMING : Phase.BEHIND;
    }
}

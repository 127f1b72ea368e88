/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Member;
import dev.totem.core.Delivery;
import dev.totem.core.Position;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/** What users of one member ask for, commands and marks, and what becomes of it. One thread, but for the lease. */
final class Calls {

    private final Member member;
    private final Outbox out;
    private final Scheduler scheduler;
    private final Clock clock;
    private final long leaseNanos;
    private final Submits submits = new Submits();
    private final Marks marks;
    private volatile long leaseUntilNanos = Long.MIN_VALUE;

    Calls(Settings settings, Member member, Outbox out, Scheduler scheduler) {
        this.member = member;
        this.out = out;
        this.scheduler = scheduler;
        this.clock = settings.clock();
        this.leaseNanos = settings.lease().toNanos();
        this.marks = new Marks(tag -> out.send(new Frame.Mark(member.instance(), tag)));
    }

    // what is asked for

    /** @param refusal why nothing can be asked for */
    void submit(byte[] command, MonoSink<Object> sink, Optional<? extends Throwable> refusal, boolean isActive) {
        if (refusal.isPresent()) {
            sink.error(refusal.get());
            return;
        }
        long tag = submits.add(command, sink);
        sink.onDispose(() -> scheduler.schedule(() -> submits.cancelled(tag)));
        if (isActive) {
            submits.sendWaiting(this::send);
        }
    }

    void mark(MonoSink<Boolean> sink, Optional<? extends Throwable> refusal, boolean isActive) {
        if (refusal.isPresent()) {
            sink.error(refusal.get());
            return;
        }
        marks.add(sink);
        if (isActive) {
            marks.send(false, nowNanos());
        }
    }

    private Disposable send(long tag, byte[] bytes, Consumer<Throwable> onFailed) {
        byte[] frame = FrameCodec.encode(new Frame.Command(member.instance(), tag, clock.millis(), bytes));
        return out.send(frame, failed -> scheduler.schedule(() -> onFailed.accept(failed)));
    }

    void sendWaiting() {
        submits.sendWaiting(this::send);
        marks.send(false, nowNanos());
    }

    /** Sends a mark, whether somebody waits for it or not. */
    void confirm() {
        marks.send(true, nowNanos());
    }

    // what becomes of it

    void ordered(Delivery delivery, Frame frame) {
        if (isOwn(delivery) && frame instanceof Frame.Command command && command.instance() == member.instance()) {
            submits.delivered(command.tag(), delivery.position());
        }
    }

    private boolean isOwn(Delivery delivery) {
        return delivery.sender().equals(member.node());
    }

    void refuse(Position position, String why) {
        submits.refuse(position, why);
    }

    void applied(Position position, Object answer) {
        submits.applied(position, answer);
    }

    /** All is applied. */
    void settle(boolean cameAsAWhole) {
        submits.settle(cameAsAWhole);
    }

    /** A mark came back: this member decides with the others, or it does not. */
    void marked(Delivery delivery, Frame.Mark mark, boolean isActive) {
        if (!isOwn(delivery) || mark.instance() != member.instance() || !marks.isCurrent(mark.tag())) {
            return;
        }
        if (isActive) {
            // Clocks may differ by a tenth: a fifth less than what the others wait.
            leaseUntilNanos = marks.sentNanos() + leaseNanos * 4 / 5;
            marks.cameBack();
        } else {
            marks.lapse();
        }
    }

    /** Until then nobody else takes this member for gone, in nanoseconds of its scheduler. Any thread. */
    long leaseUntilNanos() {
        return leaseUntilNanos;
    }

    long nowNanos() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    // a configuration ends

    void lapse() {
        marks.lapse();
    }

    /** The next one may not decide. */
    void refuseAll(String why) {
        submits.lose("the configuration ended before the command was decided, and this part may not decide: the others"
                + " may have counted it");
        submits.refuseWaiting(why);
        marks.refuse(why);
    }

    /** What this member has is given up: nothing that it believed counts. */
    void forfeit(String why) {
        leaseUntilNanos = Long.MIN_VALUE;
        marks.lapse();
        submits.loseSent(why);
    }

    void end(String why) {
        submits.endAll(why);
        marks.refuse(why);
    }
}

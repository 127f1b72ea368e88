/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.loop;

import dev.totem.core.ConfigurationException;
import dev.totem.core.RingId;
import dev.totem.core.TotemException;
import dev.totem.core.internal.node.environment.NodeEnvironment;
import dev.totem.core.internal.protocol.Input;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * Which ring numbers the node may use: those below a bound that is on stable storage, because its next life begins at the
 * bound ({@code PROTOCOL.md} 8). The bound is moved in the background, long before the numbers below it are used up, so
 * that no ring waits for a disc. Node loop only.
 *
 * <p>Storage that refuses, or does not answer in {@link #ANSWER_NANOS}, is tried again and again. When the numbers are used
 * up by then, the node goes on without: a node that cannot write is no worse than one whose storage was lost, and its
 * next life begins above all numbers by the clock ({@link Input.Start}).
 */
public final class RingNumbers {

    /** Above it a number is no ring's: a clock counts up to it in two centuries. */
    static final long RING_SEQ_MAX = 1L << 53;

    /** A write that takes longer is taken for one that fails; it may still be completed. */
    private static final long ANSWER_NANOS = 10_000_000_000L;

    private static final long RETRY_NANOS = 1_000_000_000L;
    private static final int RETRY_DOUBLINGS_MAX = 6;

    private final NodeEnvironment environment;
    private final StorageLog log;
    private final Consumer<Runnable> onLoop;

    private long bound;
    private long highest;
    private long wanted = Long.MIN_VALUE;
    private boolean isWriting;
    private boolean isLate;
    private long writeNanos;
    private int failures;

    /** What a life begins with. */
    public record Reserved(Input.Start start, long bound, StorageLog log) {}

    /** @param onLoop runs a task on the loop, which then looks again whether it {@link #isWaiting()} */
    RingNumbers(NodeEnvironment environment, Reserved reserved, Consumer<Runnable> onLoop) {
        this.environment = environment;
        this.onLoop = onLoop;
        log = reserved.log();
        bound = reserved.bound();
        highest = reserved.start().storedRingSeq();
        writeNanos = now();
    }

    /** Reads where a life begins, and reserves its first numbers: before anybody hears of it. Signals on any thread. */
    public static Mono<Reserved> reserve(NodeEnvironment environment, StorageLog log) {
        return environment.store().load().defaultIfEmpty(0L).flatMap(loaded -> {
            long epochMillis = environment.scheduler().epochMillis();
            Input.Start start = Input.Start.of(plausible(loaded, log), epochMillis);
            long bound = environment.reserve().bound(start.storedRingSeq() + RingId.STEP);
            return environment
                    .store()
                    .store(bound)
                    .onErrorMap(RingNumbers::known)
                    .thenReturn(new Reserved(start, bound, log));
        });
    }

    private static long plausible(long loaded, StorageLog log) {
        if (loaded >= 0 && loaded <= RING_SEQ_MAX) {
            return loaded;
        }
        log.absurd(loaded);
        return 0;
    }

    /** The node is about to use a number, and {@link #isWaiting()} until it may. */
    void use(long ringSeq) {
        wanted = ringSeq;
        heard(ringSeq);
        if (failures == 0 || ringSeq >= bound) {
            write();
        }
        if (ringSeq >= bound && isFailing()) {
            log.unkept(ringSeq);
        }
    }

    /** Whether the number wanted last may not be used yet. */
    boolean isWaiting() {
        return wanted >= bound && !isFailing();
    }

    /** The highest number that is known of; the next ring's may be above it. */
    void heard(long ringSeq) {
        highest = Math.max(highest, ringSeq);
        if (failures == 0 && environment.reserve().isLow(bound, highest)) {
            write();
        }
    }

    /** When {@link #timePassed} wants to be called. */
    long nextDeadlineNanos() {
        if (isWriting) {
            return isLate ? Long.MAX_VALUE : writeNanos + ANSWER_NANOS;
        }
        if (failures > 0) {
            return writeNanos + (RETRY_NANOS << Math.min(failures - 1, RETRY_DOUBLINGS_MAX));
        }
        long renewalNanos = environment.reserve().renewal().toNanos();
        return renewalNanos == 0 ? Long.MAX_VALUE : writeNanos + renewalNanos;
    }

    void timePassed() {
        if (now() < nextDeadlineNanos()) {
            return;
        }
        if (isWriting) {
            isLate = true;
            failing(new ConfigurationException(
                    "ring-seq-store",
                    String.valueOf(bound),
                    "storage has not answered for " + ANSWER_NANOS / 1_000_000_000 + " s: is the disc there?"));
        } else {
            write();
        }
    }

    private boolean isFailing() {
        return failures > 0 || isLate;
    }

    private void write() {
        if (isWriting) {
            return;
        }
        isWriting = true;
        writeNanos = now();
        long next = Math.max(bound, environment.reserve().bound(highest));
        environment
                .store()
                .store(next)
                .subscribe(
                        nothing -> {},
                        reason -> onLoop.accept(() -> failed(reason)),
                        () -> onLoop.accept(() -> kept(next)));
    }

    private void kept(long next) {
        if (isFailing()) {
            log.works();
        }
        isWriting = false;
        isLate = false;
        failures = 0;
        bound = next;
        heard(highest);
    }

    private void failed(Throwable reason) {
        isWriting = false;
        isLate = false;
        failures++;
        writeNanos = now();
        failing(known(reason));
    }

    private void failing(TotemException reason) {
        log.fails(reason);
        if (wanted >= bound) {
            log.unkept(wanted);
        }
    }

    private static TotemException known(Throwable reason) {
        return reason instanceof TotemException known
                ? known
                : new ConfigurationException(
                        "ring-seq-store",
                        "unusable",
                        "a ring number could not be kept: " + reason.getMessage(),
                        reason);
    }

    private long now() {
        return environment.scheduler().nowNanos();
    }
}

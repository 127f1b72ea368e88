/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.testkit.Fault;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;

/** Makes up how bad a network, its nodes' disks and their clocks are. One thread. */
final class WeatherMaker {

    private static final Set<Fault> KINDS = EnumSet.of(
            Fault.LOSS,
            Fault.LARGE_LOSS,
            Fault.DUPLICATION,
            Fault.REORDERING,
            Fault.DELAY,
            Fault.REPLAY,
            Fault.SLOW_DISK,
            Fault.CLOCK_SKEW);

    private final SplittableRandom random;
    private final Duration token;
    private final Set<Fault> allowed;

    WeatherMaker(SplittableRandom random, Duration token, Set<Fault> allowed) {
        this.random = random;
        this.token = token;
        this.allowed = allowed;
    }

    /** Whether any of the allowed faults is one of the weather. */
    boolean isAny() {
        return allowed.stream().anyMatch(KINDS::contains);
    }

    Faults next() {
        Faults faults = Faults.none();
        if (has(Fault.LOSS, 2)) {
            faults = faults.withLoss(random.nextDouble() * 0.3);
        }
        if (has(Fault.LARGE_LOSS, 4)) {
            faults = faults.withLargeLoss(100 + random.nextInt(1_300), random.nextDouble());
        }
        if (has(Fault.DUPLICATION, 3)) {
            faults = faults.withDuplication(random.nextDouble() * 0.3);
        }
        if (has(Fault.REPLAY, 3)) {
            faults = faults.withReplay(random.nextDouble() * 0.1);
        }
        if (has(Fault.REORDERING, 3)) {
            faults = faults.withReordering(random.nextDouble() * 0.5);
        }
        if (has(Fault.DELAY, 3)) {
            faults = faults.withDelay(
                    Duration.ofNanos(1 + random.nextLong(token.toNanos() / 50)),
                    Duration.ofNanos(random.nextLong(token.toNanos() / 50)));
        }
        if (has(Fault.SLOW_DISK, 4)) {
            faults = faults.withDiskDelay(Duration.ofNanos(random.nextLong(token.toNanos())));
        }
        if (has(Fault.CLOCK_SKEW, 2)) {
            faults = faults.withClockSkew(random.nextDouble() * (random.nextBoolean() ? 0.001 : 0.03));
        }
        return faults;
    }

    private boolean has(Fault fault, int oneIn) {
        return random.nextInt(oneIn) == 0 && allowed.contains(fault);
    }
}

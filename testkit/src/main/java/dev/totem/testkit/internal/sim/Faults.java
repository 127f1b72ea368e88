/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import java.time.Duration;

/**
 * What goes wrong on its own in a simulated cluster. Immutable, any thread. Rates are chances from 0 to 1, per datagram
 * and receiver.
 *
 * @param delay the least time a datagram is under way
 * @param jitter the most that chance adds to it
 * @param loss datagrams that do not arrive
 * @param largeBytes datagrams longer than this are lost at the rate {@code largeLoss} as well
 * @param largeLoss see {@code largeBytes}
 * @param duplication datagrams that arrive twice
 * @param reordering datagrams that take up to ten times {@code delay} longer, so that others overtake them
 * @param replay chance, per datagram, that some datagram of the past arrives again
 * @param diskDelay how long a write to stable storage takes, at most
 * @param clockSkew how much faster or slower a node's clock may run, as a fraction
 */
public record Faults(
        Duration delay,
        Duration jitter,
        double loss,
        int largeBytes,
        double largeLoss,
        double duplication,
        double reordering,
        double replay,
        Duration diskDelay,
        double clockSkew) {

    public Faults {
        rate("loss", loss);
        rate("largeLoss", largeLoss);
        rate("duplication", duplication);
        rate("reordering", reordering);
        rate("replay", replay);
        if (delay.isNegative() || delay.isZero() || jitter.isNegative() || diskDelay.isNegative()) {
            throw new IllegalArgumentException("delay must be positive, jitter and diskDelay not negative: " + delay
                    + ", " + jitter + ", " + diskDelay);
        }
        if (clockSkew < 0 || clockSkew > 0.1) {
            throw new IllegalArgumentException("clockSkew " + clockSkew + " must be from 0 to 0.1");
        }
    }

    /** A good local network: 100 to 150 µs, nothing lost. */
    public static Faults none() {
        return new Faults(
                Duration.ofNanos(100_000), Duration.ofNanos(50_000), 0, 0, 0, 0, 0, 0, Duration.ofNanos(500_000), 0);
    }

    public Faults withDelay(Duration least, Duration more) {
        return new Faults(
                least, more, loss, largeBytes, largeLoss, duplication, reordering, replay, diskDelay, clockSkew);
    }

    public Faults withLoss(double rate) {
        return new Faults(
                delay, jitter, rate, largeBytes, largeLoss, duplication, reordering, replay, diskDelay, clockSkew);
    }

    public Faults withLargeLoss(int bytes, double rate) {
        return new Faults(delay, jitter, loss, bytes, rate, duplication, reordering, replay, diskDelay, clockSkew);
    }

    public Faults withDuplication(double rate) {
        return new Faults(delay, jitter, loss, largeBytes, largeLoss, rate, reordering, replay, diskDelay, clockSkew);
    }

    public Faults withReordering(double rate) {
        return new Faults(delay, jitter, loss, largeBytes, largeLoss, duplication, rate, replay, diskDelay, clockSkew);
    }

    public Faults withReplay(double rate) {
        return new Faults(
                delay, jitter, loss, largeBytes, largeLoss, duplication, reordering, rate, diskDelay, clockSkew);
    }

    public Faults withDiskDelay(Duration most) {
        return new Faults(delay, jitter, loss, largeBytes, largeLoss, duplication, reordering, replay, most, clockSkew);
    }

    public Faults withClockSkew(double fraction) {
        return new Faults(
                delay, jitter, loss, largeBytes, largeLoss, duplication, reordering, replay, diskDelay, fraction);
    }

    private static void rate(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " " + value + " must be from 0 to 1");
        }
    }
}

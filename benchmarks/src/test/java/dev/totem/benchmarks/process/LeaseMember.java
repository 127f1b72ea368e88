/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import dev.totem.core.Lease;
import dev.totem.core.Membership;
import dev.totem.core.Quorum;
import dev.totem.core.TotemNode;
import dev.totem.core.spi.PlainSeal;
import dev.totem.transport.UdpTotem;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * One process of {@link LeaseIT}: a node of three that decide by majority. Prints some two hundred times a second what it may do:
 * {@code before after ring primary until}, with the monotonic clock of the machine in nanoseconds, before and after it looked, and when its
 * lease ends, 0 without one.
 */
final class LeaseMember {

    /** A lease ends later than this says by less than it took to look. */
    private static final long LOOK_NANOS_MAX = 1_000_000;

    private static final Duration STEP = Duration.ofMillis(5);

    private LeaseMember() {}

    /**
     * Runs until it is killed.
     *
     * @param args id, host, port, port of the group, state folder
     */
    public static void main(String[] args) throws InterruptedException {
        TotemNode started = UdpTotem.create()
                .nodeId(Integer.parseInt(args[0]))
                .bind(args[1], Integer.parseInt(args[2]))
                .multicast("239.192.7.16", Integer.parseInt(args[3]))
                .seal(PlainSeal.create())
                .stateDirectory(Path.of(args[4]))
                .config(settings -> settings.quorum(Quorum.majority(3)).token(Duration.ofMillis(500)))
                .start()
                .block();
        TotemNode node = Objects.requireNonNull(started);
        PrintStream out = new PrintStream(System.out, true);
        while (true) {
            long before = System.nanoTime();
            Membership membership = node.membership();
            Lease lease = node.lease();
            long remaining = lease.remaining().toNanos();
            boolean isSame = node.membership().equals(membership);
            long after = System.nanoTime();
            if (isSame && after - before < LOOK_NANOS_MAX) {
                out.println(before + " " + after + " " + membership.ring() + " " + membership.isPrimary() + " "
                        + (remaining == 0 ? 0 : after + remaining));
            }
            Thread.sleep(STEP.toMillis());
        }
    }
}

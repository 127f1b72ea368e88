/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.internal.membership.RingQuorum;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrimaryLeaseTest {

    private static final long TERM = 15_000_000;

    private final PrimaryLease lease = new PrimaryLease();

    private void install(boolean isPrimary) {
        lease.installed(new RingQuorum.Verdict(isPrimary, List.of(), 16, true), true);
    }

    @Test
    void runsFromTheVisitBeforeTheLast() {
        install(true);
        assertThat(lease.untilNanos()).isEqualTo(PrimaryLease.NONE);
        lease.visited(true, 100);
        assertThat(lease.untilNanos()).isEqualTo(PrimaryLease.NONE);
        lease.visited(true, 200);
        assertThat(lease.untilNanos()).isEqualTo(100 + TERM);
        lease.visited(true, 300);
        assertThat(lease.untilNanos()).isEqualTo(200 + TERM);
    }

    @Test
    void isNotRenewedWhileSomethingIsMissing() {
        install(true);
        lease.visited(true, 100);
        lease.visited(true, 200);
        lease.visited(false, 300);
        lease.visited(false, 400);
        assertThat(lease.untilNanos()).isEqualTo(100 + TERM);
        lease.visited(true, 500);
        assertThat(lease.untilNanos()).isEqualTo(400 + TERM);
    }

    @Test
    void isVoidWhenTheRingIsLeftAndBeginsAnewWithTheNext() {
        install(true);
        lease.visited(true, 100);
        lease.visited(true, 200);
        lease.left();
        assertThat(lease.untilNanos()).isEqualTo(PrimaryLease.NONE);
        install(true);
        lease.visited(true, 300);
        assertThat(lease.untilNanos()).isEqualTo(PrimaryLease.NONE);
    }

    @Test
    void thereIsNoneInAMinorityAndNoneWithoutAQuorum() {
        install(false);
        lease.visited(true, 100);
        lease.visited(true, 200);
        assertThat(lease.untilNanos()).isEqualTo(PrimaryLease.NONE);
        lease.installed(new RingQuorum.Verdict(true, List.of(), 16, true), false);
        lease.visited(true, 300);
        lease.visited(true, 400);
        assertThat(lease.untilNanos()).isEqualTo(PrimaryLease.NONE);
    }

    @Test
    void negativeTimesAreTimesToo() {
        install(true);
        lease.visited(true, -TERM);
        lease.visited(true, 5);
        assertThat(lease.untilNanos()).isEqualTo(-1);
    }
}

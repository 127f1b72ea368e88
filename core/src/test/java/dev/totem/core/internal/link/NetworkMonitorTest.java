/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetworkMonitorTest {

    private static final NodeId TWO = NodeId.of(2);
    private static final NodeId THREE = NodeId.of(3);
    private static final long TICK = 10_000_000;

    private final List<String> said = new ArrayList<>();
    private final NetworkWatch watch = new NetworkWatch() {
        @Override
        public void faulty(int network, NodeId unheard) {
            said.add(network + " without " + unheard);
        }

        @Override
        public void leftOut(int network, NodeId by) {
            said.add(network + " says " + by);
        }

        @Override
        public void healed(int network) {
            said.add(network + " works");
        }
    };
    private NetworkMonitor monitor = new NetworkMonitor(2, false, watch);

    private long nowNanos;
    private long number = 100;

    @BeforeEach
    void areMembers() {
        monitor.partners(Set.of(TWO, THREE));
    }

    @Test
    void networksOnWhichAllAreHeardWork() {
        ticks(100, 0b11, 0b11);

        assertThat(said).isEmpty();
        assertThat(monitor.avoided()).isZero();
    }

    @Test
    void aNetworkOnWhichOneMemberLagsIsFaultyWithinFiveBeats() {
        ticks(10, 0b11, 0b11);
        ticks(5, 0b11, 0b01);

        assertThat(said).containsExactly("2 without 3");
        assertThat(monitor.faulty()).isEqualTo(0b10);
        assertThat(monitor.avoided()).isEqualTo(0b10);
        assertThat(monitor.faults()).isEqualTo(1);
    }

    @Test
    void twoBeatsLostInARowAreNoFault() {
        ticks(10, 0b11, 0b11);
        ticks(2, 0b11, 0b01);
        ticks(10, 0b11, 0b11);

        assertThat(said).isEmpty();
    }

    @Test
    void whoIsSilentEverywhereSaysNothingOfNetworks() {
        ticks(10, 0b11, 0b11);
        ticks(200, 0b11, 0b00);

        assertThat(said).isEmpty();
    }

    @Test
    void aNetworkIsUsedAgainWhenItHasWorkedForAWhile() {
        ticks(10, 0b11, 0b11);
        ticks(10, 0b10, 0b10);
        ticks(49, 0b11, 0b11);
        assertThat(said).containsExactly("1 without 2");
        ticks(3, 0b11, 0b11);

        assertThat(said).containsExactly("1 without 2", "1 works");
        assertThat(monitor.avoided()).isZero();
    }

    @Test
    void aMemberThatWasNeverHeardOnANetworkLagsThere() {
        ticks(6, 0b01, 0b01);

        assertThat(monitor.faulty()).isEqualTo(0b10);
    }

    @Test
    void whatAMemberSaysIsFaultyIsAvoidedAsLongAsItSaysSo() {
        ticks(10, 0b11, 0b11);
        monitor.heard(TWO, new Beat(0, 0b10, 1, ++number), nowNanos);
        monitor.look(nowNanos);

        assertThat(monitor.faulty()).isZero();
        assertThat(monitor.avoided()).isEqualTo(0b10);

        nowNanos += NetworkMonitor.TOLD_NANOS;
        monitor.look(nowNanos);
        assertThat(monitor.avoided()).isZero();
        assertThat(said).containsExactly("2 says 2", "2 works");
    }

    @Test
    void whenAllAreFaultyAllAreUsed() {
        ticks(10, 0b11, 0b11);
        ticks(10, 0b01, 0b10);

        assertThat(monitor.faulty()).isEqualTo(0b11);
        assertThat(monitor.avoided()).isZero();
    }

    @Test
    void aNextLifeBeginsItsNumbersAnew() {
        ticks(10, 0b11, 0b11);
        for (int i = 1; i < 10; i++) {
            for (int network = 0; network < 2; network++) {
                monitor.heard(TWO, new Beat(network, 0, 77, i), nowNanos);
            }
            monitor.look(nowNanos);
        }

        assertThat(said).isEmpty();
    }

    @Test
    void strangersSayNothing() {
        for (int i = 0; i < 20; i++) {
            monitor.heard(NodeId.of(9), new Beat(0, 0b11, 1, ++number), nowNanos);
            monitor.look(nowNanos);
        }

        assertThat(said).isEmpty();
        assertThat(monitor.avoided()).isZero();
    }

    @Test
    void aGroupIsAvoidedUntilAllMembersWereHeardByItForAWhile() {
        byGroup();
        assertThat(monitor.avoided()).isEqualTo(0b10);

        ticks(40, 0b11, 0b11);
        assertThat(monitor.avoided()).isEqualTo(0b10);
        ticks(15, 0b11, 0b11);

        assertThat(monitor.avoided()).isZero();
        assertThat(said).containsExactly("2 works");
    }

    @Test
    void aMemberThatSaysNothingOfNetworksIsNotSentToByAGroup() {
        byGroup();

        ticks(NetworkMonitor.TRIAL_LOOKS - 1, 0b11, 0b00);
        assertThat(said).isEmpty();
        ticks(200, 0b11, 0b00);

        assertThat(monitor.avoided()).isEqualTo(0b10);
        assertThat(said).containsExactly("2 without 3");
    }

    @Test
    void aNewMemberHasToBeHeardByTheGroupFirst() {
        byGroup();
        monitor.partners(Set.of(TWO));
        ticks(60, 0b11, 0b00);
        assertThat(monitor.avoided()).isZero();

        monitor.partners(Set.of(TWO, THREE));

        assertThat(monitor.avoided()).isEqualTo(0b10);
        ticks(60, 0b11, 0b11);
        assertThat(monitor.avoided()).isZero();
    }

    @Test
    void whenNeitherWayWorksOneByOneIsTriedAndNotTheGroup() {
        byGroup();
        ticks(60, 0b11, 0b11);
        ticks(10, 0b01, 0b10);

        assertThat(monitor.avoided()).isEqualTo(0b10);
    }

    private void byGroup() {
        monitor = new NetworkMonitor(2, true, watch);
        monitor.partners(Set.of(TWO, THREE));
    }

    /** So many beats of both, heard on the networks of these bits. */
    private void ticks(int count, int ofTwo, int ofThree) {
        for (int i = 0; i < count; i++) {
            nowNanos += TICK;
            number++;
            for (int network = 0; network < 2; network++) {
                if ((ofTwo & (1 << network)) != 0) {
                    monitor.heard(TWO, new Beat(network, 0, 1, number), nowNanos);
                }
                if ((ofThree & (1 << network)) != 0) {
                    monitor.heard(THREE, new Beat(network, 0, 1, number), nowNanos);
                }
            }
            monitor.look(nowNanos);
        }
    }
}

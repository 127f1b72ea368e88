/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.totem.core.SendFailedException;
import dev.totem.testkit.Fault;
import dev.totem.testkit.Simulation;
import dev.totem.testkit.TotemSimulation;
import java.time.Duration;
import java.util.Map;
import org.slf4j.LoggerFactory;

class ReplicatedStateTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TotemSimulation(nodes = 3, seeds = 10)
    void everybodyAppliesTheSame(Simulation sim) {
        Registers registers = new Registers(sim, 3, settings -> settings);
        sim.runUntil(() -> sim.nodes().size() == 3 && registers.isEverybodyInState(), LIMIT);
        registers.use(Duration.ofMillis(20), Duration.ofSeconds(1));
        sim.run(Duration.ofSeconds(2));
        assertThat(registers.history().answered()).isEqualTo(registers.history().called());
        registers.checkAtTheEnd();
        registers.checkHistory();
    }

    @TotemSimulation(
            nodes = 5,
            seeds = 10,
            faults = {
                Fault.PARTITION,
                Fault.ONE_WAY,
                Fault.LOSS,
                Fault.DELAY,
                Fault.PAUSE,
                Fault.TOKEN_LOSS,
                Fault.MULTICAST_LOSS,
                Fault.DUPLICATION,
                Fault.REORDERING,
                Fault.CLOCK_SKEW,
                Fault.SLOW_SUBSCRIBER
            })
    void isLinearizableWhateverTheNetworkDoes(Simulation sim) {
        Registers registers = new Registers(sim, 5, settings -> settings.memory(2_000, 1 << 20));
        sim.run(Duration.ofMillis(500));
        registers.use(Duration.ofMillis(40), Duration.ofSeconds(6));
        sim.run(Duration.ofSeconds(6));
        sim.settle();
        registers.checkAtTheEnd();
    }

    /** Faster than a ring forms, so that transfers, exchanges and transitional configurations are cut short. */
    @TotemSimulation(nodes = 5, seeds = 10)
    void staysOneStateWhilePartsSplitAndMergeAllTheTime(Simulation sim) {
        Registers registers = new Registers(sim, 5, settings -> settings.memory(2_000, 1 << 20));
        sim.run(Duration.ofMillis(500));
        registers.use(Duration.ofMillis(40), Duration.ofSeconds(5));
        for (int i = 0; i < 20; i++) {
            sim.heal();
            sim.run(Duration.ofMillis(sim.random().nextInt(1, 300)));
            int pivot = sim.random().nextInt(1, 6);
            sim.partition(pivot, pivot % 5 + 1);
            sim.run(Duration.ofMillis(sim.random().nextInt(1, 200)));
            sim.partition(sim.random().nextInt(1, 6));
            sim.run(Duration.ofMillis(sim.random().nextInt(1, 200)));
        }
        sim.settle();
        registers.checkAtTheEnd();
    }

    @TotemSimulation(
            nodes = 3,
            seeds = 8,
            faults = {Fault.LOSS, Fault.DELAY, Fault.PAUSE})
    void keepsWhatWasAnsweredWhileAMajorityLives(Simulation sim) {
        Registers registers = new Registers(sim, 3, settings -> settings.memory(1_000, 1 << 20));
        sim.run(Duration.ofMillis(500));
        registers.use(Duration.ofMillis(40), Duration.ofSeconds(20));
        for (int i = 0; i < 4; i++) {
            sim.runUntil(() -> sim.nodes().size() == 3 && registers.isEverybodyInState(), LIMIT);
            int victim = sim.random().nextInt(1, 4);
            sim.crash(victim);
            sim.run(Duration.ofMillis(sim.random().nextInt(1, 1000)));
            sim.restart(victim);
        }
        sim.settle();
        registers.checkAtTheEnd();
    }

    /** What waits for a transfer is more than there is room for, while another one is on its way. */
    @TotemSimulation(nodes = 3, seeds = 10)
    void staysOneStateWhileTransfersBeginAgain(Simulation sim) {
        Registers registers = new Registers(sim, 3, settings -> settings.memory(0, 2_000));
        sim.runUntil(() -> sim.nodes().size() == 3 && registers.isEverybodyInState(), LIMIT);
        for (int i = 0; i < 6; i++) {
            sim.partition(3);
            sim.run(Duration.ofMillis(sim.random().nextInt(100, 400)));
            sim.heal();
            registers.use(Duration.ofNanos(100_000), Duration.ofMillis(300));
            sim.run(Duration.ofMillis(400));
            sim.runUntil(registers::isEverybodyInState, LIMIT);
        }
        sim.settle();
        registers.checkAtTheEnd();
    }

    /** One at a time forgets, at any moment of a configuration. */
    @TotemSimulation(nodes = 5, seeds = 10)
    void staysOneStateWhileReplicasCloseAndOpen(Simulation sim) {
        Registers registers = new Registers(sim, 5, settings -> settings.memory(2_000, 1 << 20));
        sim.run(Duration.ofMillis(500));
        registers.use(Duration.ofMillis(40), Duration.ofSeconds(30));
        for (int i = 0; i < 8; i++) {
            sim.heal();
            sim.runUntil(registers::isEverybodyInState, LIMIT);
            registers.reopen(
                    sim.random().nextInt(1, 6), Duration.ofMillis(sim.random().nextInt(0, 300)));
            for (int j = 0; j < 3; j++) {
                sim.partition(sim.random().nextInt(1, 6));
                sim.run(Duration.ofMillis(sim.random().nextInt(1, 200)));
                sim.heal();
                sim.run(Duration.ofMillis(sim.random().nextInt(1, 150)));
            }
        }
        sim.settle();
        registers.checkAtTheEnd();
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void refusesWhatAPartWithoutQuorumCannotDecide(Simulation sim) {
        Registers registers = new Registers(sim, 3, settings -> settings);
        sim.runUntil(() -> sim.nodes().size() == 3 && registers.isEverybodyInState(), LIMIT);
        sim.partition(1);
        sim.runUntil(() -> registers.status(1).phase() == StateStatus.Phase.NOT_PRIMARY, LIMIT);

        assertThatThrownBy(() -> sim.await(registers.state(1).submit("put a 1"), LIMIT))
                .isInstanceOf(SendFailedException.class)
                .matches(Registers::isRefused)
                .hasMessageContaining("quorum majority:3, members [1]");
        assertThatThrownBy(() -> sim.await(registers.state(1).readLatest(RegisterMachine::registers), LIMIT))
                .matches(Registers::isRefused);
        sim.runUntil(() -> registers.isInState(2), LIMIT);
        assertThat(sim.await(registers.state(2).submit("put a 2"), LIMIT)).isPresent();
        assertThat(sim.await(registers.state(1).read(RegisterMachine::registers), LIMIT))
                .contains(Map.of());
        sim.settle();
        assertThat(sim.await(registers.state(1).readLatest(RegisterMachine::registers), LIMIT))
                .contains(Map.of("a", "2"));
    }

    @TotemSimulation(nodes = 3, seeds = 3)
    void beginsNothingBeforeAllThatAreExpectedAreThere(Simulation sim) {
        Registers registers = new Registers(sim, 3, settings -> settings);
        sim.partition(1);
        sim.run(Duration.ofSeconds(3));
        assertThat(registers.status(2).phase()).isEqualTo(StateStatus.Phase.FORMING);
        sim.heal();
        sim.settle();
        assertThat(registers.isEverybodyInState()).isTrue();
    }

    @TotemSimulation(nodes = 3, seeds = 3)
    void whoSaysNothingHoldsUpAFirstStartForAWhileOnly(Simulation sim) {
        Registers registers = new Registers(sim, 3, settings -> settings.bootstrapExpect(2));
        silenceTheThird(sim, registers);
        sim.run(Duration.ofSeconds(5));
        assertThat(registers.status(1).phase()).isEqualTo(StateStatus.Phase.FORMING);
        sim.runUntil(() -> registers.isInState(1) && registers.isInState(2), Duration.ofSeconds(10));
        assertThat(sim.await(registers.state(1).submit("put a 1"), LIMIT)).isPresent();

        sim.run(Duration.ofSeconds(60));
        assertThat(registers.isEverybodyInState()).isTrue();
        assertThat(sim.await(registers.state(3).read(RegisterMachine::registers), LIMIT))
                .contains(Map.of("a", "1"));
    }

    /** It has a replica, and comes to the others when nothing of it runs. */
    private static void silenceTheThird(Simulation sim, Registers registers) {
        sim.partition(1);
        sim.partition(2);
        sim.run(Duration.ofSeconds(2));
        assertThat(registers.status(3).phase()).isEqualTo(StateStatus.Phase.NOT_PRIMARY);
        sim.slowSubscriber(3, Duration.ofSeconds(60));
        sim.heal();
        sim.awaitOneRing();
    }

    /** That all who are expected are there is what they were promised; who it depends on is in the log. */
    @TotemSimulation(nodes = 3, seeds = 3)
    void whoSaysNothingAndIsExpectedIsWaitedForAndNamed(Simulation sim) {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("dev.totem.blocks");
        logger.addAppender(log);
        log.start();
        try {
            Registers registers = new Registers(sim, 3, settings -> settings);
            silenceTheThird(sim, registers);
            sim.run(Duration.ofSeconds(15));
            assertThat(registers.status(1).phase()).isEqualTo(StateStatus.Phase.FORMING);
            assertThat(log.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .anyMatch(
                            line -> line.startsWith("the replica of \"state/registers\" on node 1 waits to begin: nodes"
                                    + " [1, 2] have said what they know, [3] have a replica and say nothing"));
            sim.run(Duration.ofSeconds(60));
            assertThat(registers.isEverybodyInState()).isTrue();
        } finally {
            logger.detachAppender(log);
        }
    }

    @TotemSimulation(nodes = 3, seeds = 3)
    void whoIsStuckWhenItShouldSayWhatGoesOnIsReplaced(Simulation sim) {
        Registers registers = new Registers(sim, 3, settings -> settings);
        sim.partition(1);
        sim.runUntil(() -> registers.status(2).phase() == StateStatus.Phase.FORMING, LIMIT);
        sim.heal();
        sim.runUntil(() -> registers.status(1).phase() == StateStatus.Phase.FORMING, LIMIT);
        sim.slowSubscriber(1, Duration.ofSeconds(60));
        sim.runUntil(() -> registers.isInState(2) && registers.isInState(3), Duration.ofSeconds(15));
        sim.run(Duration.ofSeconds(60));
        assertThat(registers.isEverybodyInState()).isTrue();
    }

    @TotemSimulation(nodes = 3, seeds = 3)
    void stopsAtACommandThatItDoesNotKnow(Simulation sim) {
        Registers registers = new Registers(sim, 3, settings -> settings);
        sim.runUntil(() -> sim.nodes().size() == 3 && registers.isEverybodyInState(), LIMIT);

        assertThatThrownBy(() -> sim.await(registers.state(1).submit("unheard of"), LIMIT))
                .hasMessageContaining("unknown command unheard of");
        sim.run(Duration.ofMillis(100));
        assertThatThrownBy(() -> sim.await(registers.state(2).inState(), LIMIT))
                .isInstanceOf(ReplicaStoppedException.class)
                .hasMessageContaining("node 2 stopped: unknown command");
    }

    @TotemSimulation(nodes = 3, seeds = 3)
    void aReplicaCanBeClosedAndOpenedAgain(Simulation sim) {
        Registers registers = new Registers(sim, 3, settings -> settings);
        sim.runUntil(() -> sim.nodes().size() == 3 && registers.isEverybodyInState(), LIMIT);
        sim.await(registers.state(1).submit("put a 1"), LIMIT);
        sim.await(registers.state(3).close(), LIMIT);
        assertThat(registers.status(3).phase()).isEqualTo(StateStatus.Phase.STOPPED);
        sim.await(registers.state(1).submit("put a 2"), LIMIT);
        assertThat(sim.await(registers.state(1).read(RegisterMachine::members), LIMIT)
                        .orElseThrow())
                .hasSize(2);

        registers.open(sim.node(3), 3);
        sim.runUntil(() -> registers.isInState(3), LIMIT);
        assertThat(sim.await(registers.state(3).read(RegisterMachine::registers), LIMIT))
                .contains(Map.of("a", "2"));
    }
}

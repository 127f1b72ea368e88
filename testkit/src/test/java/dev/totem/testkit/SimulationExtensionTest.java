/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.totem.testkit.example.ForgetfulCounterRuns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tests with {@link TotemSimulation}, run by JUnit as a user's are; the build does not run those that must fail. */
class SimulationExtensionTest {

    private static final List<Long> SEEDS = new ArrayList<>();
    private static int runs;

    /** What users write, right or wrong. */
    static class Users {

        @TotemSimulation(nodes = 2, seeds = 5)
        void passes(Simulation sim, TestInfo info) {
            SEEDS.add(sim.seed());
            sim.awaitOneRing();
            assertThat(sim.nodes()).hasSize(2);
            assertThat(info.getDisplayName()).startsWith("passes");
        }

        @TotemSimulation(
                nodes = 3,
                seeds = 50,
                faults = {Fault.CRASH, Fault.PARTITION, Fault.LOSS, Fault.DELAY})
        void believesThatNobodyEverCrashes(Simulation sim) {
            sim.awaitOneRing();
            sim.always(() -> assertThat(sim.nodes()).hasSize(3));
            sim.run(Duration.ofSeconds(20));
        }

        @TotemSimulation(seeds = 3)
        void hasStateOfItsOwnBetweenRuns(Simulation sim) {
            runs++;
            sim.run(Duration.ofMillis(runs));
            assertThat(runs).isLessThan(2);
        }

        @TotemSimulation(seeds = 1)
        void leavesAnErrorToNobody(Simulation sim) {
            sim.onStart(node -> Mono.never().timeout(Duration.ofSeconds(1)).subscribe());
            sim.run(Duration.ofSeconds(2));
        }

        @TotemSimulation(seeds = 1)
        void assertsInItsCodeOnANode(Simulation sim) {
            sim.onStart(node -> Flux.interval(Duration.ofMillis(10))
                    .doOnNext(tick -> assertThat(tick).isLessThan(3))
                    .subscribe());
            sim.run(Duration.ofSeconds(2));
        }

        @TotemSimulation(nodes = 0)
        void hasNoNodes(Simulation sim) {
            sim.awaitOneRing();
        }
    }

    @Test
    void runsEachSeedOnceInOneTest() {
        SEEDS.clear();

        assertThat(run("passes", Map.of()).getStatus()).isEqualTo(Status.SUCCESSFUL);

        assertThat(SEEDS).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void runsTheSeedThatIsAskedFor() {
        SEEDS.clear();

        assertThat(run("passes", Map.of("totem.seed", "17")).getStatus()).isEqualTo(Status.SUCCESSFUL);

        assertThat(SEEDS).containsExactly(17L);
    }

    @Test
    void runsAsManySeedsAsAreAskedFor() {
        SEEDS.clear();

        assertThat(run("passes", Map.of("totem.seeds", "2")).getStatus()).isEqualTo(Status.SUCCESSFUL);

        assertThat(SEEDS).containsExactly(1L, 2L);
    }

    @Test
    void saysTheSeedTheFewestFaultsAndTheLastThingsThatHappened() {
        String text = failure("believesThatNobodyEverCrashes", Map.of()).getMessage();

        String seed = text.replaceAll("(?s)^seed ([0-9]+):.*", "$1");
        assertThat(text)
                .contains("repeat it: mvn test -Dtest='SimulationExtensionTest$Users#believesThatNobodyEverCrashes'"
                        + " -Dtotem.seed=" + seed + "\n")
                .containsPattern("of its [0-9]+ random faults these 1 are enough:\n +[0-9.]+ s  Crash\\[node=[123]]\n")
                .contains("the last things that happened:\n")
                .containsPattern("[0-9.]+ s  node [123]  CONF R ")
                .containsPattern("[0-9.]+ s  fault   Crash\\[node=[123]]\n");
        assertThat(failure("believesThatNobodyEverCrashes", Map.of("totem.seed", seed))
                        .getMessage())
                .isEqualTo(text);
    }

    @Test
    void saysWhenARunDoesNotRepeat() {
        runs = 0;

        assertThat(failure("hasStateOfItsOwnBetweenRuns", Map.of())).hasMessageContaining("it does not repeat");
    }

    @Test
    void failsForAnErrorThatNobodyHandles() {
        assertThat(failure("leavesAnErrorToNobody", Map.of()))
                .hasMessageContaining("code on node ")
                .hasRootCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void failsForAnAssertionInCodeOnANode() {
        assertThat(failure("assertsInItsCodeOnANode", Map.of())).hasMessageContaining("code on node ");
    }

    @Test
    void saysWhatIsWrongWithAnAnnotation() {
        assertThat(failure("hasNoNodes", Map.of())).hasMessage("nodes must be from 1 to 64: 0");
        assertThat(failure("passes", Map.of("totem.seed", "many"))).hasMessageContaining("totem.seed");
    }

    /** Partition, add, heal: nothing is added afterwards, so what was added is not told again. */
    @Test
    void findsTheMistakeOfTheForgetfulCounter() {
        Throwable failure = ended(ForgetfulCounterRuns.class, "countsWhatIsAddedOnBothSidesOfAPartition", Map.of())
                .getThrowable()
                .orElseThrow();

        assertThat(failure.getMessage()).contains("random faults these").contains("Partition[");
    }

    private static Throwable failure(String method, Map<String, String> parameters) {
        return run(method, parameters).getThrowable().orElseThrow();
    }

    private static TestExecutionResult run(String method, Map<String, String> parameters) {
        return ended(Users.class, method, parameters);
    }

    /** How the one test of this name ended. */
    private static TestExecutionResult ended(Class<?> type, String method, Map<String, String> parameters) {
        List<TestExecutionResult> ended = new ArrayList<>();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(List.of(type.getDeclaredMethods()).stream()
                                        .filter(declared -> declared.getName().equals(method))
                                        .map(declared -> selectMethod(type, declared))
                                        .toList())
                                .configurationParameters(parameters)
                                .build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                                if (test.isTest()) {
                                    ended.add(result);
                                }
                            }
                        });
        assertThat(ended).hasSize(1);
        return ended.get(0);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.Membership;
import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** One run by itself: the user's code in virtual time, what the script does, and that all of it repeats. */
class SimulationTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final List<String> happened = new ArrayList<>();

    @Test
    void repeatsBitForBitWithCodeOnTheNodes() {
        EnumSet<Fault> faults = EnumSet.complementOf(EnumSet.of(Fault.TWIN));
        for (long seed = 1; seed <= 5; seed++) {
            happened.clear();
            Trial.Run first = new Trial(3, faults, this::chats).run(seed);
            List<String> firstHappened = List.copyOf(happened);
            happened.clear();
            Trial.Run second = new Trial(3, faults, this::chats).run(seed);

            assertThat(first.failure()).isNull();
            assertThat(second.digest()).isEqualTo(first.digest());
            assertThat(second.steps()).isEqualTo(first.steps());
            assertThat(happened).isEqualTo(firstHappened).isNotEmpty();
        }
        assertThat(new Trial(3, faults, this::chats).run(1).digest())
                .isNotEqualTo(new Trial(3, faults, this::chats).run(2).digest());
    }

    private void chats(Simulation sim) {
        sim.onStart(node -> {
            EvsHandle handle = node.openHandle();
            handle.join("chat")
                    .thenMany(handle.events())
                    .retryWhen(Retry.fixedDelay(9, Duration.ofMillis(50)))
                    .subscribe(event -> happened.add(sim.now() + " " + node.id() + " " + event), ended -> {});
            Flux.interval(Duration.ofMillis(30 + sim.random().nextInt(30)))
                    .onBackpressureDrop()
                    .concatMap(tick -> handle.send(("tick " + tick).getBytes(UTF_8)))
                    .subscribe(position -> {}, refused -> {});
        });
        sim.run(Duration.ofSeconds(2));
        sim.settle();
    }

    @Test
    void runsTheTimersOfOperatorsInVirtualTime() {
        simulate(1, sim -> {
            sim.onStart(node -> {
                Flux.just("one", "two")
                        .delayElements(Duration.ofSeconds(1))
                        .subscribe(
                                word -> happened.add(word + " at " + sim.now().toSeconds()));
                Mono.never()
                        .timeout(Duration.ofSeconds(3))
                        .subscribe(
                                never -> {},
                                late -> happened.add("late at " + sim.now().toSeconds()));
                AtomicInteger tries = new AtomicInteger();
                Mono.fromCallable(() -> {
                            if (tries.incrementAndGet() < 4) {
                                throw new TimeoutException("not yet");
                            }
                            return "done";
                        })
                        .retryWhen(Retry.backoff(5, Duration.ofSeconds(1)).jitter(0))
                        .subscribe(
                                done -> happened.add(done + " at " + sim.now().toSeconds()));
            });
            sim.run(Duration.ofSeconds(8));
        });

        assertThat(happened).containsExactly("one at 1", "two at 2", "late at 3", "done at 7");
    }

    @Test
    void runsSchedulersThatCodeMakesForItselfInVirtualTimeToo() {
        simulate(1, sim -> {
            sim.onStart(node -> {
                Schedulers.newSingle("mine").schedule(() -> happened.add("mine"), 1, TimeUnit.SECONDS);
                Mono.fromCallable(() -> "blocking")
                        .subscribeOn(Schedulers.boundedElastic())
                        .subscribe(happened::add);
            });
            sim.run(Duration.ofSeconds(2));
        });

        assertThat(happened).containsExactly("blocking", "mine");
    }

    @Test
    void refusesToBlock() {
        simulate(1, sim -> {
            sim.awaitOneRing();
            assertThatIllegalStateException()
                    .isThrownBy(() -> sim.node(1).openHandle().join("group").block())
                    .withMessageContaining("blocking");
        });
    }

    @Test
    void leavesTheSchedulersOfOtherThreadsAsTheyAreAndGivesThemBack() {
        Scheduler before = Schedulers.single();
        simulate(1, sim -> {
            sim.run(Duration.ofSeconds(1));
            CompletableFuture<String> ranOn = new CompletableFuture<>();
            Thread other = new Thread(() -> Schedulers.single()
                    .schedule(() -> ranOn.complete(Thread.currentThread().getName())));
            other.start();
            assertThat(ranOn.get(10, TimeUnit.SECONDS)).startsWith("single-");
        });

        assertThat(Schedulers.single()).isSameAs(before);
        assertThat(Mono.just(1).delayElement(Duration.ofMillis(1)).block(LIMIT)).isEqualTo(1);
    }

    @Test
    void startsCodeAgainAfterARestart() {
        simulate(2, sim -> {
            sim.onStart(node -> happened.add("start " + node.id()));
            sim.awaitOneRing();
            sim.crash(2);
            assertThat(sim.isUp(2)).isFalse();
            sim.runUntil(() -> isRing(sim, 1), LIMIT);
            sim.restart(2);
            sim.runUntil(() -> isRing(sim, 1, 2), LIMIT);
        });

        assertThat(happened).containsExactlyInAnyOrder("start 1", "start 2", "start 2");
    }

    @Test
    void endsCodeWithItsNode() {
        simulate(2, sim -> {
            ticksEverySecond(sim, 2);
            sim.run(Duration.ofMillis(2_500));
            sim.crash(2);
            sim.run(Duration.ofSeconds(10));
        });

        assertThat(happened).containsExactly("tick 1", "tick 2");
    }

    @Test
    void haltsCodeWhileItsNodeIsPaused() {
        simulate(2, sim -> {
            ticksEverySecond(sim, 2);
            sim.run(Duration.ofMillis(1_500));
            sim.pause(2, Duration.ofSeconds(5));
            sim.run(Duration.ofMillis(4_900));
            assertThat(happened).containsExactly("tick 1");
            sim.run(Duration.ofSeconds(1));
            assertThat(happened).hasSize(2);
        });
    }

    @Test
    void haltsCodeOfASlowSubscriberButNotItsNode() {
        simulate(2, sim -> {
            ticksEverySecond(sim, 2);
            sim.awaitOneRing();
            sim.slowSubscriber(2, Duration.ofSeconds(5));
            sim.run(Duration.ofSeconds(4));
            assertThat(happened).isEmpty();
            assertThat(isRing(sim, 1, 2)).isTrue();
            sim.run(Duration.ofSeconds(2));
            assertThat(happened).isNotEmpty();
        });
    }

    @Test
    void leavesInOrder() {
        simulate(2, sim -> {
            sim.onStart(node -> node.openHandle()
                    .events()
                    .subscribe(event -> {}, failure -> happened.add("failed"), () -> happened.add("end " + node.id())));
            sim.awaitOneRing();
            sim.leave(2);
            sim.runUntil(() -> isRing(sim, 1) && !sim.isUp(2), LIMIT);
        });

        assertThat(happened).containsExactly("end 2");
    }

    @Test
    void addsUpPartitions() {
        simulate(3, sim -> {
            sim.awaitOneRing();
            sim.partition(1);
            sim.runUntil(() -> isRing(sim, 1) && isRing(sim, 2, 3), LIMIT);
            sim.partition(2);
            sim.runUntil(() -> isRing(sim, 2) && isRing(sim, 3), LIMIT);
            sim.heal();
            sim.runUntil(() -> isRing(sim, 1, 2, 3), LIMIT);
        });
    }

    @Test
    void ordersAllTheSameOnABadNetwork() {
        AtomicInteger joined = new AtomicInteger();
        simulate(3, sim -> {
            sim.onStart(node -> {
                EvsHandle handle = node.openHandle();
                handle.join("all")
                        .doOnSuccess(position -> joined.incrementAndGet())
                        .thenMany(handle.deliveries())
                        .subscribe(this::delivered);
            });
            sim.awaitOneRing();
            sim.runUntil(() -> joined.get() == 3, LIMIT);
            sim.loss(0.1);
            sim.delay(Duration.ofMillis(1), Duration.ofMillis(2));
            sim.duplication(0.2);
            sim.reordering(0.2);
            EvsHandle sender = sim.node(1).openHandle();
            sim.await(sender.join("all"), LIMIT);
            assertThat(sim.await(
                            Flux.range(0, 20)
                                    .concatMap(i -> sender.send(("message " + i).getBytes(UTF_8)))
                                    .count(),
                            Duration.ofMinutes(1)))
                    .contains(20L);
            sim.replay(50);
            sim.settle();
        });

        assertThat(happened).hasSize(3 * 20);
        assertThat(Set.copyOf(happened)).hasSize(20);
    }

    private void delivered(Delivery delivery) {
        assertThat(delivery.groups()).containsExactly(GroupName.of("all"));
        happened.add(delivery.position() + " " + new String(delivery.payload(), UTF_8));
    }

    @Test
    void awaitsWhatAMonoSays() {
        simulate(1, sim -> {
            assertThat(sim.await(Mono.delay(Duration.ofSeconds(5)).thenReturn("late"), LIMIT))
                    .contains("late");
            assertThat(sim.now()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(6));
            assertThat(sim.clock().instant())
                    .isEqualTo(Instant.parse("2026-01-01T00:00:00Z").plus(sim.now()));
            assertThat(sim.await(Mono.empty(), LIMIT)).isEmpty();
            assertThatThrownBy(() -> sim.await(Mono.error(new IllegalArgumentException("no")), LIMIT))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> sim.await(Mono.never(), LIMIT))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("no signal within PT10S");
        });
    }

    @Test
    void saysWhatCannotBe() {
        simulate(2, sim -> {
            assertThatIllegalStateException()
                    .isThrownBy(() -> sim.node(1))
                    .withMessageContaining("nodes start when time first passes");
            sim.awaitOneRing();
            assertThatIllegalStateException()
                    .isThrownBy(() -> sim.onStart(node -> {}))
                    .withMessageContaining("before time passes");
            assertThatThrownBy(() -> sim.node(3)).hasMessage("no node 3, only 1 to 2");
            assertThatThrownBy(() -> sim.runUntil(() -> false, LIMIT)).hasMessageContaining("did not happen within");
        });
    }

    private void ticksEverySecond(Simulation sim, int id) {
        sim.onStart(node -> {
            if (node.id().equals(NodeId.of(id))) {
                Flux.interval(Duration.ofSeconds(1)).subscribe(tick -> happened.add("tick " + (tick + 1)));
            }
        });
    }

    private static boolean isRing(Simulation sim, int... ids) {
        List<NodeId> members =
                java.util.stream.IntStream.of(ids).mapToObj(NodeId::of).toList();
        return members.stream()
                .map(id -> sim.node(id.value()))
                .map(TotemNode::membership)
                .map(Membership::members)
                .allMatch(members::equals);
    }

    private static void simulate(int nodes, Trial.Body body) {
        Trial.Run run = new Trial(nodes, Set.of(), body).run(1);
        if (run.failure() != null) {
            throw new AssertionError(String.join("\n", run.trace()), run.failure());
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.blocks.LeaderElection;
import dev.totem.core.Quorum;
import dev.totem.testkit.TestRing;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.test.util.AopTestUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class LeaderOnlyTest {

    private static final String QUORUM = "majority:3";

    private TestRing ring;

    @BeforeEach
    void aRing() {
        ring = TestRing.of(3, settings -> settings.quorum(Quorum.parse(QUORUM)));
        ring.awaitOneRing().block(Instances.PATIENCE);
    }

    @AfterEach
    void close() {
        ring.close();
    }

    @EnableScheduling
    static class Jobs {
        final AtomicInteger plain = new AtomicInteger();
        final AtomicInteger reactive = new AtomicInteger();
        final AtomicInteger everywhere = new AtomicInteger();
        final AtomicInteger endless = new AtomicInteger();

        @LeaderOnly("${election:jobs}")
        @Scheduled(fixedRate = 10)
        public void plain() {
            plain.incrementAndGet();
        }

        @LeaderOnly("jobs")
        @Scheduled(fixedDelay = 10)
        public Mono<Void> reactive() {
            return Mono.fromRunnable(reactive::incrementAndGet);
        }

        @Scheduled(fixedRate = 10)
        public void everywhere() {
            everywhere.incrementAndGet();
        }

        @LeaderOnly("jobs")
        public Flux<Integer> endless() {
            return Flux.<Integer>never().doOnCancel(endless::incrementAndGet);
        }
    }

    private ApplicationContextRunner instance(int node) {
        return Instances.on(ring, node).withUserConfiguration(Jobs.class).withPropertyValues("totem.quorum=" + QUORUM);
    }

    @Test
    void oneInstanceRunsTheJobsAndAnotherOneWhenItStops() {
        LeaderElection.of("spring", Quorum.parse(QUORUM)).open(ring.node(3)).block(Instances.PATIENCE);
        instance(1)
                .run(one -> instance(2).run(two -> {
                    List<AssertableApplicationContext> both = List.of(one, two);
                    Instances.await(() -> both.stream().anyMatch(LeaderOnlyTest::isLeading));
                    AssertableApplicationContext leader = both.stream()
                            .filter(LeaderOnlyTest::isLeading)
                            .findFirst()
                            .orElseThrow();
                    AssertableApplicationContext other = leader == one ? two : one;
                    Jobs leading = AopTestUtils.getTargetObject(leader.getBean(Jobs.class));
                    Jobs waiting = AopTestUtils.getTargetObject(other.getBean(Jobs.class));
                    Instances.await(
                            () -> Stream.of(leading.plain, leading.reactive, leading.everywhere, waiting.everywhere)
                                    .allMatch(count -> count.get() > 5));
                    assertThat(waiting.plain).hasValue(0);
                    assertThat(waiting.reactive).hasValue(0);
                    assertThat(other.getBean(Jobs.class).endless().blockLast(Instances.PATIENCE))
                            .isNull();
                    Mono<Void> endless = leader.getBean(Jobs.class).endless().then();
                    CompletableFuture<Void> running = endless.toFuture();

                    leader.close();

                    Instances.await(() -> waiting.plain.get() > 5 && waiting.reactive.get() > 5);
                    running.get(Instances.PATIENCE.toSeconds(), TimeUnit.SECONDS);
                    assertThat(leading.endless).hasValue(1);
                    int last = leading.plain.get();
                    int others = waiting.plain.get();
                    Instances.await(() -> waiting.plain.get() > others + 5);
                    assertThat(leading.plain).hasValue(last);
                }));
    }

    private static boolean isLeading(AssertableApplicationContext context) {
        return context.getBean(TotemLeadership.class).isLeading("jobs");
    }

    static class Answering {
        @LeaderOnly
        public int answer() {
            return 42;
        }
    }

    @Test
    void refusesMethodsThatReturnAValue() {
        Instances.on(ring, 1)
                .withBean(Answering.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("@LeaderOnly")
                        .hasMessageContaining("answer"));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.blocks.LeaderElection;
import dev.totem.blocks.Leadership;
import dev.totem.core.Quorum;
import dev.totem.spring.boot.example.HandlerOfAnotherPackage;
import dev.totem.testkit.TestRing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.NestedExceptionUtils;
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

    static class Base {
        final AtomicInteger runs = new AtomicInteger();

        public void run() {
            runs.incrementAndGet();
        }

        private int count() {
            return runs.get();
        }
    }

    @LeaderOnly("inherited")
    static class Nightly extends Base {}

    @LeaderOnly("marked")
    static class Marked {}

    static class BelowMarked extends Marked {
        final AtomicInteger runs = new AtomicInteger();

        public void run() {
            runs.incrementAndGet();
        }
    }

    @Test
    void aMarkOfTheClassHoldsForInheritedMethodsAndIsInherited() {
        Instances.on(ring, 1)
                .withBean(Nightly.class)
                .withBean(BelowMarked.class)
                .run(context -> {
                    Nightly nightly = context.getBean(Nightly.class);
                    Instances.await(() -> context.getBean(TotemLeadership.class).isLeading("inherited"));
                    nightly.run();
                    assertThat(AopTestUtils.<Base>getTargetObject(nightly).count())
                            .isEqualTo(1);
                    Instances.await(() -> context.getBean(TotemLeadership.class).isLeading("marked"));
                    assertThat(AopUtils.isAopProxy(context.getBean(BelowMarked.class)))
                            .isTrue();
                });
    }

    static class AnsweringBase {
        public int answer() {
            return 42;
        }
    }

    @LeaderOnly
    static class AnsweringByClass extends AnsweringBase {}

    /** Who leads is said by the application. */
    static class Own implements TotemLeadership {
        volatile boolean isLeading;

        @Override
        public boolean isLeading(String election) {
            return isLeading && election.equals("inherited");
        }

        @Override
        public Flux<Leadership> watch(String election) {
            return Flux.never();
        }

        @Override
        public Mono<Void> resign(String election) {
            return Mono.empty();
        }
    }

    @Test
    void anApplicationMaySayItselfWhoLeads() {
        Instances.on(ring, 1).withBean(Own.class).withBean(Nightly.class).run(context -> {
            Nightly nightly = context.getBean(Nightly.class);
            Base target = AopTestUtils.getTargetObject(nightly);
            assertThat(nightly.toString()).isEqualTo(target.toString());
            nightly.run();
            assertThat(target.count()).isZero();
            context.getBean(Own.class).isLeading = true;
            nightly.run();
            assertThat(target.count()).isEqualTo(1);
        });
    }

    @Test
    void refusesMethodsThatReturnAValueByTheClassAndWhoeverSaysWhoLeads() {
        Instances.on(ring, 1)
                .withBean(Own.class)
                .withBean(AnsweringByClass.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("@LeaderOnly")
                        .hasMessageContaining("answer"));
    }

    static class FinalMethod {
        @LeaderOnly
        @Scheduled(fixedRate = 10)
        public final void unstoppable() {}
    }

    static class PrivateMethod {
        @LeaderOnly
        @SuppressWarnings("UnusedMethod")
        private void unstoppable() {}
    }

    static class StaticMethod {
        @LeaderOnly
        public static void unstoppable() {}
    }

    static final class FinalClass {
        @LeaderOnly
        public void unstoppable() {}
    }

    @LeaderOnly
    static class Sealed extends FinalMethod {}

    @LeaderOnly
    static class WithAStaticSchedule {
        @Scheduled(fixedRate = 10)
        static void unstoppable() {}
    }

    static class Hidden extends HandlerOfAnotherPackage {}

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesMethodsThatAProxyCannotInterceptAlsoOfBeansMadeLater(boolean isLazy) {
        Map<Class<?>, String> remedies = new LinkedHashMap<>();
        remedies.put(FinalMethod.class, "kotlin-spring");
        remedies.put(PrivateMethod.class, "make it public");
        remedies.put(StaticMethod.class, "make it a method of the bean");
        remedies.put(FinalClass.class, "kotlin-spring");
        remedies.put(Sealed.class, "it is final");
        remedies.put(WithAStaticSchedule.class, "it is static");
        remedies.put(Hidden.class, "make it public");
        remedies.forEach((type, remedy) -> Instances.on(ring, 1)
                .withInitializer(context -> ((GenericApplicationContext) context)
                        .registerBean(type, definition -> definition.setLazyInit(isLazy)))
                .run(context -> assertThat(NestedExceptionUtils.getMostSpecificCause(context.getStartupFailure()))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("@LeaderOnly")
                        .hasMessageContaining("unstoppable")
                        .hasMessageContaining("run on every instance")
                        .hasMessageContaining(remedy)));
    }

    @LeaderOnly("interfaces")
    interface Task {
        void run();
    }

    @Test
    void beansThatAreProxiedByTheirInterfacesArePermitted() {
        AtomicInteger runs = new AtomicInteger();
        Instances.on(ring, 1)
                .withBean("lambda", Task.class, () -> runs::incrementAndGet)
                .run(context -> {
                    Instances.await(() -> context.getBean(TotemLeadership.class).isLeading("interfaces"));
                    context.getBean(Task.class).run();
                    assertThat(runs).hasValue(1);
                });
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.blocks.Codec;
import dev.totem.blocks.FencedLock;
import dev.totem.blocks.ReplicatedMap;
import dev.totem.core.ConfigurationException;
import dev.totem.core.TotemNode;
import dev.totem.testkit.TestRing;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

class LifecycleTest {

    private TestRing ring;

    @BeforeEach
    void aRing() {
        ring = TestRing.of(1);
    }

    @AfterEach
    void close() {
        ring.close();
    }

    /** Sees what a web server would, when it starts, stops accepting and closes. */
    static final class WebServer implements SmartLifecycle {
        final List<String> seen;
        private final ObjectProvider<TotemNode> node;
        private final ObjectProvider<TotemLeadership> leadership;
        private final int phase;
        private boolean isRunning;

        /** As a web server, it does not depend on beans: the context would stop it before those. */
        WebServer(List<String> seen, BeanFactory beans, int phase) {
            this.seen = seen;
            this.node = beans.getBeanProvider(TotemNode.class);
            this.leadership = beans.getBeanProvider(TotemLeadership.class);
            this.phase = phase;
        }

        private String state() {
            return (node.getObject().isDisposed() ? "without a node" : "with a node")
                    + (leadership.getObject().isLeading("leader") ? " that leads" : "");
        }

        @Override
        public void start() {
            isRunning = true;
            seen.add("starts " + state());
        }

        @Override
        public void stop() {
            isRunning = false;
            seen.add("stops " + state());
        }

        @Override
        public boolean isRunning() {
            return isRunning;
        }

        @Override
        public int getPhase() {
            return phase;
        }
    }

    static class Job {
        @LeaderOnly
        void run() {}
    }

    @Test
    void theWebServerRunsWhileThereIsARingAndLeadershipIsHandedOverBeforeItStopsAccepting() {
        List<String> seen = new ArrayList<>();
        Instances.on(ring, 1)
                .withBean(Job.class)
                .withInitializer(context -> context.getBeanFactory().registerSingleton("seen", seen))
                .withUserConfiguration(Web.class)
                .run(context -> {
                    Instances.await(() -> context.getBean(TotemLeadership.class).isLeading("leader"));
                    assertThat(ring.node(1).isDisposed()).isFalse();
                });
        assertThat(seen)
                .containsExactly("starts with a node", "starts with a node", "stops with a node", "stops with a node");
        assertThat(ring.node(1).isDisposed()).isTrue();
    }

    @Configuration(proxyBeanMethods = false)
    static class Web {
        @Bean
        WebServer accepting(List<String> seen, BeanFactory beans) {
            return new WebServer(seen, beans, SmartLifecycle.DEFAULT_PHASE - 1_024);
        }

        @Bean
        WebServer open(List<String> seen, BeanFactory beans) {
            return new WebServer(seen, beans, SmartLifecycle.DEFAULT_PHASE - 2_048);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Blocks {
        @Bean
        Mono<ReplicatedMap<String, String>> prices(TotemBlocks blocks) {
            return blocks.map("prices", Codec.utf8(), Codec.utf8());
        }

        @Bean
        Mono<FencedLock> locks(TotemBlocks blocks) {
            return blocks.lock("locks");
        }
    }

    @Test
    void blocksAreBeansThatAreOpenedOnce() {
        Instances.on(ring, 1).withUserConfiguration(Blocks.class).run(context -> {
            Mono<ReplicatedMap<String, String>> prices = bean(context.getBean("prices"));
            Mono<FencedLock> locks = bean(context.getBean("locks"));
            assertThat(prices.block(Instances.PATIENCE)).isSameAs(prices.block(Instances.PATIENCE));
            String price = prices.flatMap(map -> map.put("apples", "5").then(map.getLatest("apples")))
                    .map(entry -> entry.value())
                    .block(Instances.PATIENCE);
            assertThat(price).isEqualTo("5");
            assertThat(locks.flatMapMany(lock -> lock.usingLock("till", lease -> Mono.just(lease.isHeld())))
                            .blockLast(Instances.PATIENCE))
                    .isTrue();
        });
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T> T bean(Object bean) {
        return (T) bean;
    }

    @Test
    void aNodeThatDoesNotRunSaysWhenItDoes() {
        Instances.on(ring, 1).run(context -> {
            TotemNode node = context.getBean(TotemNode.class);
            TotemTemplate template = context.getBean(TotemTemplate.class);
            assertThat(node.membership().members()).hasSize(1);
            context.close();
            assertThatThrownBy(node::openHandle)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("starts with the application context");
            assertThatThrownBy(() -> template.send("group", "text").block(Instances.PATIENCE))
                    .isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void aContextThatIsStartedAgainHasAnotherNode() {
        Instances.on(ring, 1).withBean(ListenerTest.Quick.class).run(context -> {
            TotemTemplate template = context.getBean(TotemTemplate.class);
            ListenerTest.Quick quick = context.getBean(ListenerTest.Quick.class);
            template.send("work", "before").block(Instances.PATIENCE);
            assertThat(quick.next()).isEqualTo("before");
            context.stop();
            ring.crash(1);
            ring.restart(1);
            context.start();
            template.send("work", "after").block(Instances.PATIENCE);
            assertThat(quick.next()).isEqualTo("after");
        });
    }

    @Test
    void saysWhichPropertiesAreMissing() {
        ApplicationContextRunner alone =
                new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(TotemAutoConfiguration.class));
        alone.run(context -> assertThat(context)
                .getFailure()
                .hasRootCauseInstanceOf(ConfigurationException.class)
                .rootCause()
                .hasMessageContaining("totem.multicast")
                .hasMessageContaining("totem.peers"));
        alone.withPropertyValues("totem.multicast=239.192.0.1:5405")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("totem.key-file"));
        alone.withPropertyValues("totem.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(TotemNode.class));
    }
}

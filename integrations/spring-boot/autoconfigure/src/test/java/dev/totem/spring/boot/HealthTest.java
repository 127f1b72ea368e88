/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeHealth;
import dev.totem.core.Quorum;
import dev.totem.testkit.TestRing;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class HealthTest {

    private static final String QUORUM = "majority:2";

    private static ApplicationContextRunner instance(TestRing ring) {
        return Instances.on(ring, 1)
                .withConfiguration(AutoConfigurations.of(
                        HealthContributorAutoConfiguration.class,
                        HealthContributorRegistryAutoConfiguration.class,
                        HealthEndpointAutoConfiguration.class))
                .withPropertyValues(
                        "totem.quorum=" + QUORUM,
                        "management.endpoints.web.exposure.include=*",
                        "management.endpoints.jmx.exposure.include=*",
                        "management.endpoint.health.group.readiness.include=totem");
    }

    @Test
    void readinessFollowsThePrimaryAndRecoversByItself() {
        try (TestRing ring = TestRing.of(2, settings -> settings.quorum(Quorum.parse(QUORUM)))) {
            instance(ring).run(context -> {
                Instances.await(() -> readiness(context).equals(Status.UP));
                ring.partition(1);
                Instances.await(() -> readiness(context).equals(Status.OUT_OF_SERVICE));
                TotemEndpoint endpoint = context.getBean(TotemEndpoint.class);
                Instances.await(() -> codes(endpoint).contains(NodeHealth.Code.NOT_PRIMARY));
                ring.heal();
                Instances.await(() -> readiness(context).equals(Status.UP));
                ring.node(1).leave().block(Instances.PATIENCE);
                assertThat(readiness(context)).isEqualTo(Status.DOWN);
                assertThat(codes(endpoint)).contains(NodeHealth.Code.CLOSED);
                assertThat(endpoint.describe().state()).isEqualTo("over");
            });
        }
    }

    private static List<NodeHealth.Code> codes(TotemEndpoint endpoint) {
        return endpoint.describe().reasons().stream()
                .map(NodeHealth.Reason::code)
                .toList();
    }

    private static Status readiness(AssertableApplicationContext context) {
        HealthDescriptor health = context.getBean(HealthEndpoint.class).healthForPath("readiness");
        return health == null ? Status.UNKNOWN : health.getStatus();
    }

    @Test
    void theEndpointTellsWhatTheNodeIsAndDoes() {
        try (TestRing ring = TestRing.of(1)) {
            instance(ring)
                    .withBean(ListenerTest.Quick.class)
                    .withBean("job", LifecycleTest.Job.class)
                    .withPropertyValues("totem.quorum=none", "spring.application.name=shop")
                    .run(context -> {
                        TotemEndpoint endpoint = context.getBean(TotemEndpoint.class);
                        Instances.await(() -> endpoint.describe().leading().containsValue(true));
                        TotemEndpoint.Description told = endpoint.describe();
                        assertThat(told.cluster()).isEqualTo("shop");
                        assertThat(told.state()).isEqualTo("ready");
                        assertThat(told.node()).isEqualTo(1);
                        assertThat(told.members()).containsExactly(1);
                        assertThat(told.primary()).isTrue();
                        assertThat(told.listeners().values())
                                .singleElement()
                                .satisfies(groups -> assertThat(groups).containsExactly("work"));
                        assertThat(told.statistics()).isNotEmpty();
                    });
        }
    }

    @Test
    void theEndpointAsksTheApplicationWhoLeadsIfItSaysSo() {
        try (TestRing ring = TestRing.of(1)) {
            instance(ring)
                    .withBean(LeaderOnlyTest.Own.class)
                    .withBean(LeaderOnlyTest.Nightly.class)
                    .run(context -> {
                        TotemEndpoint endpoint = context.getBean(TotemEndpoint.class);
                        assertThat(endpoint.describe().leading()).isEqualTo(Map.of("inherited", false));
                        context.getBean(LeaderOnlyTest.Own.class).isLeading = true;
                        assertThat(endpoint.describe().leading()).isEqualTo(Map.of("inherited", true));
                    });
        }
    }

    @Test
    void bothCanBeSwitchedOff() {
        try (TestRing ring = TestRing.of(1)) {
            instance(ring)
                    .withPropertyValues(
                            "management.health.totem.enabled=false",
                            "management.endpoint.health.validate-group-membership=false",
                            "management.endpoint.totem.access=NONE")
                    .run(context -> assertThat(context)
                            .hasNotFailed()
                            .doesNotHaveBean("totemHealthContributor")
                            .doesNotHaveBean(TotemEndpoint.class));
        }
    }
}

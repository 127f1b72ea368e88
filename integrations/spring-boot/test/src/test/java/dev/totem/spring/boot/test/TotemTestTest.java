/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.TotemNode;
import dev.totem.spring.boot.TotemTemplate;
import dev.totem.testkit.TestRing;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.annotation.DirtiesContext;

@TotemTest(nodes = 3)
@DirtiesContext
class TotemTestTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Autowired
    ConfigurableApplicationContext context;

    @Autowired
    TotemNode node;

    @Autowired
    TestRing ring;

    @Test
    void hasTheBeansThatDoSomethingOnARingAndNoOthers() {
        assertThat(context.getBeanNamesForType(Greetings.Greeter.class)).hasSize(1);
        assertThat(context.getBeanNamesForType(Greetings.Database.class)).isEmpty();
    }

    @Test
    void isNodeOneOfAWholeRing() {
        assertThat(node.id().value()).isEqualTo(1);
        assertThat(node.membership().members()).hasSize(3);
    }

    @Test
    void seesTheOthersPartAndComeBack() {
        ring.partition(1);
        node.openHandle()
                .configChanges()
                .filter(ConfigChange::isRegular)
                .filter(change -> change.members().size() == 1)
                .blockFirst(PATIENCE);
        ring.heal();
        ring.awaitOneRing().block(PATIENCE);
    }

    @Test
    void canBeStoppedAndStarted() throws Exception {
        Greetings.Greeter greeter = context.getBean(Greetings.Greeter.class);
        context.stop();
        context.start();
        context.getBean(TotemTemplate.class).send("greetings", "again").block(PATIENCE);
        assertThat(greeter.heard.poll(20, TimeUnit.SECONDS)).isEqualTo("again");
    }
}

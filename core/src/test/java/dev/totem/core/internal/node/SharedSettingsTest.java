/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.totem.core.Message;
import dev.totem.core.SendFailedException;
import dev.totem.core.Settings;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SharedSettingsTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final NodeSettings SMALL = NodeSettings.defaults().with(Settings.MAX_MESSAGE_SIZE, 10_000);

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.totem.node");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final StepWorld world = new StepWorld();
    private final List<Throwable> refusals = new ArrayList<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.setAdditive(false);
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setAdditive(true);
    }

    @Test
    void aDifferenceIsNamedOnBothSidesOnce() {
        StepMember one = new StepMember(world, 1, NodeSettings.defaults());
        StepMember two = new StepMember(world, 2, SMALL);
        formRing(one, two);

        assertThat(warnings())
                .containsExactlyInAnyOrder(
                        "node 1: setting max-message-size is 1048576 here and 10000 at node 2:"
                                + " a ring of both refuses what is above the lower one",
                        "node 2: setting max-message-size is 10000 here and 1048576 at node 1:"
                                + " a ring of both refuses what is above the lower one");
        assertThat(one.node.stats().ring().settingsDiffering()).isEqualTo(1);
        assertThat(one.node.stats().ring().messageSizeMax()).isEqualTo(10_000);
        assertThat(two.node.stats().ring().settingsDiffering()).isEqualTo(1);
        assertThat(two.node.stats().ring().messageSizeMax()).isEqualTo(10_000);
    }

    @Test
    void aRingRefusesWhatIsAboveItsLeastMaximumAndNamesTheMember() {
        StepMember one = new StepMember(world, 1, NodeSettings.defaults());
        StepMember two = new StepMember(world, 2, SMALL);
        formRing(one, two);

        one.handle.send(message(10_001)).subscribe(position -> {}, refusals::add);
        one.handle.send(message(10_000)).subscribe(position -> {}, refusals::add);
        world.runUntil(() -> !two.deliveries().isEmpty(), SOON);

        assertThat(refusals).singleElement().isInstanceOf(SendFailedException.class);
        assertThat(refusals.get(0))
                .hasMessageContaining("payload of 10001 bytes is above max-message-size 10000 of node 2");
        assertThat(two.deliveries())
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.payload()).hasSize(10_000));
    }

    @Test
    void whatWasAcceptedBeforeTheRingShrankItsMaximumIsDeliveredByAll() {
        StepMember one = new StepMember(world, 1, NodeSettings.defaults());
        StepMember two = new StepMember(world, 2, SMALL);
        one.handle.send(message(900_000)).subscribe(position -> {}, refusals::add);
        formRing(one, two);
        world.runUntil(() -> !one.deliveries().isEmpty() && !two.deliveries().isEmpty(), SOON);

        assertThat(refusals).isEmpty();
        assertThat(two.positions()).hasSize(1).isEqualTo(one.positions());
        assertThat(two.deliveries().get(0).payload()).hasSize(900_000);
    }

    private static Message message(int bytes) {
        return Message.to("g").safe().payload(new byte[bytes]);
    }

    private void formRing(StepMember one, StepMember two) {
        assertThat(world.runUntil(() -> one.isInRingOf(2) && two.isInRingOf(2), SOON))
                .isTrue();
    }

    private List<String> warnings() {
        return log.list.stream()
                .filter(line -> line.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}

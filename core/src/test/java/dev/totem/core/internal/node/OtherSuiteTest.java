/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.totem.core.NodeId;
import dev.totem.core.Statistics;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.node.environment.NodeEnvironment;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.PlainSeal;
import dev.totem.core.spi.SealHeader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class OtherSuiteTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.totem.node");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final StepWorld world = new StepWorld();

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

    @ParameterizedTest
    @CsvSource({"1, aes-256-gcm", "2, chacha20-poly1305", "3, sober128-hmac-sha1", "77, number 77"})
    void isRefusedWithBothNames(int number, String name) {
        StepWorld.Place place = world.place(1);
        TotemNode node = start(place);

        place.link.take(frame(number), 0);

        assertThat(node.stats().get(Statistics.REFUSED_OTHER_SUITE)).isEqualTo(1);
        assertThat(warnings()).singleElement().asString().contains("suite " + name + ",", "ours is none");
    }

    @Test
    void isSaidOnceInAWhile() {
        StepWorld.Place place = world.place(1);
        TotemNode node = start(place);
        for (int frame = 0; frame < 100; frame++) {
            place.link.take(frame(1), 0);
        }
        assertThat(warnings()).hasSize(1);

        world.run(Duration.ofSeconds(11));
        place.link.take(frame(1), 0);

        assertThat(warnings()).hasSize(2).last().asString().contains("100 frames");
        assertThat(node.stats().get(Statistics.REFUSED_OTHER_SUITE)).isEqualTo(101);
    }

    private TotemNode start(StepWorld.Place place) {
        NodeEnvironment environment =
                new NodeEnvironment(place.link, place.loop, PlainSeal.seeded(new Random(1)), place.disk, new Random(1));
        List<TotemNode> made = new ArrayList<>();
        RunningNode.start(place.id, NodeSettings.defaults(), environment, made::add)
                .subscribe(node -> {}, error -> {});
        assertThat(world.runUntil(() -> !made.isEmpty(), Duration.ofSeconds(1))).isTrue();
        return made.get(0);
    }

    private List<String> warnings() {
        return log.list.stream()
                .filter(line -> line.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static byte[] frame(int suite) {
        ByteBuffer frame = ByteBuffer.allocate(100);
        SealHeader header = new SealHeader(suite, 1, SealHeader.clusterTag("totem"), NodeId.of(2));
        header.write(frame, frame.capacity(), 5, 6);
        return frame.array();
    }
}

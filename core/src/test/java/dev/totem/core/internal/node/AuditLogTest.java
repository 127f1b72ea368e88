/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.totem.core.SecurityEvent;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What who watches is told of, and in which form. */
class AuditLogTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.totem.audit");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final StepWorld world = new StepWorld();
    private final StepWorld.Place place = world.place(1);

    @BeforeEach
    void listen() {
        log.start();
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
        place.start(NodeSettings.defaults());
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setLevel(null);
        logger.setAdditive(true);
    }

    @Test
    void refusalsAreOneEventAReasonInTenSecondsThatCounts() {
        for (int frame = 0; frame < 100; frame++) {
            place.link.take(garbage(), 0);
        }
        assertThat(events()).singleElement().satisfies(event -> assertRefused(event, 1));

        world.run(Duration.ofSeconds(11));
        place.link.take(garbage(), 0);

        assertThat(events()).hasSize(2).last().satisfies(event -> assertRefused(event, 100));
    }

    @Test
    void theEventIsTheLastArgumentAndHasAKey() {
        place.link.take(garbage(), 0);

        assertThat(log.list).singleElement().satisfies(line -> {
            assertThat(line.getFormattedMessage()).startsWith("node 1: FramesRefused[reason=malformed, frames=1");
            assertThat(line.getKeyValuePairs()).anySatisfy(pair -> {
                assertThat(pair.key).isEqualTo("event");
                assertThat(pair.value).isSameAs(events().get(0));
            });
        });
    }

    @Test
    void aNodeThatWasSetBackSaysSo() {
        world.run(Duration.ofSeconds(1));
        world.calendarAheadMillis = 60_000;
        world.run(Duration.ofSeconds(5));

        assertThat(events()).containsExactly(new SecurityEvent.LifeRenewed(Optional.empty()));
    }

    private static void assertRefused(SecurityEvent event, long frames) {
        assertThat(event).isInstanceOfSatisfying(SecurityEvent.FramesRefused.class, refused -> {
            assertThat(refused.reason()).isEqualTo("malformed");
            assertThat(refused.frames()).isEqualTo(frames);
        });
    }

    private List<SecurityEvent> events() {
        return log.list.stream()
                .map(line -> line.getArgumentArray()[line.getArgumentArray().length - 1])
                .map(SecurityEvent.class::cast)
                .toList();
    }

    private static byte[] garbage() {
        return new byte[4];
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.totem.core.ConfigurationException;
import dev.totem.core.EvsEvent;
import dev.totem.core.Position;
import dev.totem.core.Settings;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.node.environment.RingReserve;
import dev.totem.core.internal.protocol.Input;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Whole nodes whose stable storage is slow, silent, full or damaged. */
class RingNumbersTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final NodeSettings CONFIG = NodeSettings.defaults().with(Settings.TOKEN, Duration.ofMillis(200));

    private final StepWorld world = new StepWorld();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.totem.node");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setLevel(null);
        logger.setAdditive(true);
    }

    private List<String> lines(Level level) {
        return log.list.stream()
                .filter(event -> event.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private List<StepMember> ringInProduction() {
        List<StepMember> ring = StepMember.ring(world, 2, CONFIG, RingReserve.PRODUCTION);
        world.run(Duration.ofSeconds(1));
        return ring;
    }

    private boolean isAloneAfterLosing(StepMember member, StepMember other) {
        other.place.link.side = 1 - other.place.link.side;
        return world.runUntil(() -> member.isInRingOf(1), SOON);
    }

    @Test
    void nothingHappensBeforeStorageHasReservedTheFirstNumbers() {
        StepWorld.Place place = world.place(1);
        place.disk.writes = 1;
        place.disk.isStuck = true;
        Log<TotemNode> started =
                new Log<TotemNode>().follow(RunningNode.start(place.id, CONFIG, place.environment(), bound -> {}));
        world.run(Duration.ofSeconds(60));

        assertThat(started.hasEnded()).isFalse();
        assertThat(place.link.framesSent).isZero();
    }

    @Test
    void aStartFailsWithOneClearErrorWhenStorageDoes() {
        StepWorld.Place place = world.place(1);
        place.disk.isBroken = true;

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> RunningNode.start(place.id, CONFIG, place.environment(), bound -> {})
                        .block(SOON))
                .withMessageContaining("no space left");
        assertThat(log.list).isEmpty();
    }

    @Test
    void aNodeThatCannotWriteGoesOnWhenAMemberIsLostAndSaysSoOnce() {
        List<StepMember> ring = ringInProduction();
        StepMember broken = ring.get(0);
        broken.place.disk.isBroken = true;

        for (int times = 0; times < 5; times++) {
            assertThat(isAloneAfterLosing(broken, ring.get(1))).isTrue();
            ring.get(1).place.link.side = 0;
            assertThat(world.runUntil(() -> broken.isInRingOf(2), SOON)).isTrue();
        }
        Log<Position> sent = new Log<Position>().follow(broken.handle.send(new byte[1]));
        assertThat(world.runUntil(() -> sent.isComplete, SOON)).isTrue();

        assertThat(lines(Level.WARN)).singleElement().asString().contains("no space left");
        assertThat(lines(Level.ERROR)).isEmpty();
    }

    @Test
    void storageThatFailsIsNoticedWhileAllIsWell() {
        List<StepMember> ring = ringInProduction();
        ring.get(0).place.disk.isBroken = true;
        world.run(Duration.ofMinutes(1));

        assertThat(lines(Level.WARN)).singleElement().asString().contains("no space left");
    }

    @Test
    void storageThatFailsIsTriedEverMoreSeldomAndUsedAgainWhenItWorks() {
        List<StepMember> ring = ringInProduction();
        StepWorld.Disk disk = ring.get(0).place.disk;
        disk.isBroken = true;
        world.run(Duration.ofMinutes(10));
        int before = disk.writes;
        world.run(Duration.ofMinutes(8));
        assertThat(disk.writes - before).isBetween(4, 9);

        disk.isBroken = false;
        world.run(Duration.ofMinutes(2));

        assertThat(lines(Level.INFO)).anyMatch(line -> line.contains("node 1: ring numbers are reserved again"));
    }

    @Test
    void aNodeWithoutNumbersAndWithoutStorageGoesOnAndSaysWhatThatMeans() {
        List<StepMember> ring = StepMember.ring(world, 2, CONFIG);
        StepMember broken = ring.get(0);
        broken.place.disk.isBroken = true;

        assertThat(isAloneAfterLosing(broken, ring.get(1))).isTrue();
        assertThat(lines(Level.ERROR)).singleElement().asString().contains("without keeping them");

        broken.place.disk.isBroken = false;
        world.run(Duration.ofMinutes(2));
        assertThat(broken.place.disk.stored)
                .isGreaterThan(broken.node.membership().ring().seq());
    }

    @Test
    void aRingWaitsForADiscOnlyWithoutNumbersAndNotForEver() {
        List<StepMember> ring = StepMember.ring(world, 2, CONFIG);
        StepMember stuck = ring.get(0);
        stuck.place.disk.isStuck = true;

        assertThat(isAloneAfterLosing(stuck, ring.get(1))).isFalse();
        assertThat(world.runUntil(() -> stuck.isInRingOf(1), Duration.ofSeconds(10)))
                .isTrue();
        assertThat(lines(Level.WARN)).anyMatch(line -> line.contains("has not answered for 10 s"));
    }

    @Test
    void theNextLifeBeginsAboveAllThatTheFormerMayHaveUsed() {
        StepMember former = ringInProduction().get(0);
        long bound = former.place.disk.stored;
        assertThat(former.node.membership().ring().seq()).isLessThan(bound);
        former.node.leave().subscribe();
        world.run(Duration.ofSeconds(1));

        StepWorld.Place next = world.place(1);
        next.disk.stored = bound;
        Log<EvsEvent> events = new Log<>();
        next.start(CONFIG, node -> events.follow(node.openHandle(world.users).events()));
        world.run(Duration.ofMillis(10));

        assertThat(events.values).isNotEmpty();
        assertThat(next.disk.stored).isGreaterThan(bound);
    }

    @Test
    @Tag("P7")
    void anAbsurdNumberIsTakenForDamageAndTheClockBegins() {
        for (long absurd : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - 3, (1L << 53) + 1, -4}) {
            StepWorld.Place place = world.place(1);
            place.disk.stored = absurd;
            place.start(CONFIG);
            assertThat(place.disk.stored).isBetween(Input.Start.clockSeq(place.loop.epochMillis() - 1_000), 1L << 53);
            assertThat(lines(Level.WARN)).anyMatch(line -> line.contains(absurd + ", which is no ring number"));
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.totem.core.NodeHealth.Code;
import dev.totem.core.NodeHealth.Reason;
import dev.totem.core.Settings;
import dev.totem.core.internal.node.observe.Sightings;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.PlainSeal;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A node that stays out of a ring says why: in its health, and once in its log. */
class KeptOutTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final NodeSettings DEFAULTS = NodeSettings.defaults();
    private static final Duration CONSENSUS = DEFAULTS.timing().consensus();

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

    private List<String> warnings(int node) {
        return log.list.stream()
                .filter(line -> line.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.startsWith("node " + node + ":"))
                .toList();
    }

    private static List<String> health(StepMember member, Code code) {
        return member.node.health().reasons().stream()
                .filter(reason -> reason.code() == code)
                .map(Reason::text)
                .toList();
    }

    private StepMember member(int id, NodeSettings config) {
        StepWorld.Place place = world.place(id);
        place.seal = PlainSeal.seeded(new Random(id));
        return new StepMember(world, place, config);
    }

    @Test
    void anotherClusterIsNamedWithinAConsensusTimeoutAndOnce() {
        StepMember one = member(1, DEFAULTS.with(Settings.CLUSTER_NAME, "lab"));
        member(2, DEFAULTS);

        world.run(CONSENSUS);

        assertThat(warnings(1))
                .singleElement()
                .asString()
                .contains("Frames of another cluster come here.")
                .contains("the tag 7b1b3e91, ours is lab with")
                .contains("as of node 2 at")
                .contains("give it the same `cluster-name`");
        assertThat(health(one, Code.CLUSTER_DIFFERS))
                .singleElement()
                .asString()
                .contains("the tag 7b1b3e91, ours is lab");
        world.run(Duration.ofMinutes(1));
        assertThat(warnings(1)).hasSize(1);
    }

    @Test
    void whoHearsAndIsNotHeardSaysWhoDoesNotHearIt() {
        StepMember one = member(1, DEFAULTS);
        StepMember two = member(2, DEFAULTS);
        one.place.link.takesMax = 0;

        assertThat(world.runUntil(() -> two.node.health().has(Code.NOT_HEARD), SOON))
                .isTrue();

        assertThat(health(two, Code.NOT_HEARD))
                .singleElement()
                .asString()
                .startsWith("node 1 is heard, and does not hear this node");
        assertThat(one.node.health().has(Code.NOT_HEARD)).isFalse();
        world.run(CONSENSUS);
        assertThat(warnings(2))
                .singleElement()
                .asString()
                .contains("node 1 is heard, and does not hear this node. Check firewalls");

        one.place.link.takesMax = Integer.MAX_VALUE;
        assertThat(world.runUntil(() -> one.isInRingOf(2) && two.isInRingOf(2), SOON.multipliedBy(3)))
                .isTrue();
        world.run(Sightings.MEMORY.plusSeconds(1));
        assertThat(two.node.health()).hasToString("ready");
    }

    @Test
    void nobodyIsTakenForDeafWhileRingsComeAndGo() {
        List<StepMember> ring = StepMember.ring(world, 4, DEFAULTS);
        for (int round = 0; round < 5; round++) {
            ring.get(0).place.link.side = 1;
            ring.get(1).place.link.side = 1;
            assertThat(world.runUntil(
                            () -> ring.get(0).isInRingOf(2) && ring.get(2).isInRingOf(2), SOON))
                    .isTrue();
            world.run(CONSENSUS.multipliedBy(2));
            ring.forEach(member -> member.place.link.side = 0);
            assertThat(world.runUntil(() -> ring.stream().allMatch(member -> member.isInRingOf(4)), SOON))
                    .isTrue();
            assertThat(ring).noneMatch(member -> member.node.health().has(Code.NOT_HEARD));
        }
        assertThat(log.list).noneMatch(line -> line.getFormattedMessage().contains("does not hear"));
    }

    @Test
    void whoGetsOnlySmallDatagramsSaysHowSmall() {
        List<StepMember> ring = StepMember.ring(world, 2, DEFAULTS);
        StepMember two = ring.get(1);
        two.place.link.takesMax = 700;

        ring.get(0).handle.send(new byte[1_000]).subscribe(position -> {}, failed -> {});
        world.run(CONSENSUS);

        assertThat(health(two, Code.SMALL_ONLY))
                .singleElement()
                .asString()
                .startsWith("frames stay missing, and of those that came meanwhile none had more than")
                .contains("here they may have 1400");
        assertThat(warnings(2))
                .singleElement()
                .asString()
                .contains("Small datagrams arrive")
                .contains("`netmtu`");
        assertThat(ring.get(0).node.health().has(Code.SMALL_ONLY)).isFalse();
    }

    @Test
    void settingsThatKeepARingFromFormingAreInTheHealth() {
        StepMember one = member(1, DEFAULTS.with(Settings.TOKEN, Duration.ofMillis(900)));
        member(2, DEFAULTS);

        assertThat(world.runUntil(() -> one.node.health().has(Code.SETTINGS_DIFFER), SOON))
                .isTrue();

        assertThat(health(one, Code.SETTINGS_DIFFER))
                .singleElement()
                .asString()
                .contains("here and ")
                .contains("at node 2");
    }
}

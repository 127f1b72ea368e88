/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.internal.node.environment.NodeEnvironment;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.PlainSeal;
import dev.totem.core.spi.SealSession;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node whose process was set back, or copied and set going again. */
@Tag("F9")
class RestoredNodeTest {

    private static final String RENEWED = "renewed";
    private static final String SEALED = "sealed";

    private final StepWorld world = new StepWorld();
    private final List<String> done = new ArrayList<>();

    @Test
    void beginsANewLifeBeforeItSealsAgain() {
        start();
        world.run(Duration.ofSeconds(5));
        assertThat(done).contains(SEALED).doesNotContain(RENEWED);
        done.clear();

        world.calendarAheadMillis = 60_000;
        world.run(Duration.ofSeconds(5));

        assertThat(done).startsWith(RENEWED).contains(SEALED).containsOnlyOnce(RENEWED);
    }

    private void start() {
        StepWorld.Place place = world.place(1);
        NodeEnvironment environment =
                new NodeEnvironment(place.link, place.loop, new NotingSeal(), place.disk, new Random(1));
        List<Object> made = new ArrayList<>();
        RunningNode.start(place.id, NodeSettings.defaults(), environment, made::add)
                .subscribe(node -> {}, error -> {});
        assertThat(world.runUntil(() -> !made.isEmpty(), Duration.ofSeconds(1))).isTrue();
    }

    /** Notes what its session is asked to do. */
    private final class NotingSeal implements DatagramSeal {

        private final DatagramSeal seal = PlainSeal.seeded(new Random(1));

        @Override
        public String suite() {
            return seal.suite();
        }

        @Override
        public SealSession session(NodeId self, String cluster) {
            SealSession session = seal.session(self, cluster);
            return new SealSession() {

                @Override
                public int overheadBytes() {
                    return session.overheadBytes();
                }

                @Override
                public void seal(ByteBuffer plaintext, ByteBuffer frame) {
                    done.add(SEALED);
                    session.seal(plaintext, frame);
                }

                @Override
                public Opened open(ByteBuffer frames) {
                    return session.open(frames);
                }

                @Override
                public void renew() {
                    done.add(RENEWED);
                }

                @Override
                public void close() {
                    session.close();
                }
            };
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static dev.totem.core.ChangeCause.KeyUnknown.Why.NOT_AUTHENTIC;
import static dev.totem.core.ChangeCause.KeyUnknown.Why.OTHER_KEY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ChangeCause.KeyUnknown.Why;
import dev.totem.core.NodeId;
import dev.totem.core.Statistics;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.node.environment.NodeEnvironment;
import dev.totem.core.internal.protocol.Input;
import dev.totem.core.internal.protocol.StepWitness;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.OpenFailure;
import dev.totem.core.spi.SealSession;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a flood of frames that a node cannot open costs the protocol: a note of each kind now and then. */
class RefusedFramesTest {

    private static final Duration PAUSE = Duration.ofMillis(50);

    private final StepWorld world = new StepWorld();
    private final StepWorld.Place place = world.place(1);
    private final List<Why> noted = new ArrayList<>();
    private final List<TotemNode> made = new ArrayList<>();

    @BeforeEach
    void start() {
        StepWitness witness = (input, view, effects) -> {
            if (input instanceof Input.Refused refused) {
                noted.add(refused.why());
            }
        };
        NodeEnvironment environment = new NodeEnvironment(
                place.link, place.loop, new RefusingSeal(), place.disk, new Random(1), place.reserve, witness);
        RunningNode.start(place.id, NodeSettings.defaults(), environment, made::add)
                .subscribe(node -> {}, failure -> {});
        assertThat(world.runUntil(() -> !made.isEmpty(), Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void areAllCountedAndOneOfAKindIsNotedInFiftyMilliseconds() {
        flood(1_000, OpenFailure.NOT_AUTHENTIC);
        world.run(PAUSE.minusNanos(1));
        flood(1_000, OpenFailure.NOT_AUTHENTIC);
        assertThat(noted).containsExactly(NOT_AUTHENTIC);

        world.run(Duration.ofNanos(1));
        flood(1_000, OpenFailure.NOT_AUTHENTIC);

        assertThat(noted).containsExactly(NOT_AUTHENTIC, NOT_AUTHENTIC);
        assertThat(made.get(0).stats().get(Statistics.REFUSED_NOT_AUTHENTIC)).isEqualTo(3_000);
    }

    @Test
    void ofOneKindDoNotHideAnother() {
        flood(1_000, OpenFailure.NOT_AUTHENTIC);
        flood(1, OpenFailure.OTHER_KEY);
        flood(1_000, OpenFailure.NOT_AUTHENTIC);

        assertThat(noted).containsExactly(NOT_AUTHENTIC, OTHER_KEY);
    }

    @Test
    void thatTellNothingOfAKeyAreNotNoted() {
        flood(10, OpenFailure.REPLAYED);
        flood(10, OpenFailure.MALFORMED);
        flood(10, OpenFailure.OTHER_CLUSTER);

        assertThat(noted).isEmpty();
        assertThat(made.get(0).stats().get(Statistics.REFUSED_REPLAYED)).isEqualTo(10);
    }

    private void flood(int frames, OpenFailure reason) {
        byte[] frame = reason.name().getBytes(UTF_8);
        for (int i = 0; i < frames; i++) {
            place.link.take(frame, 0);
        }
    }

    /** Opens nothing: a frame says why. */
    private static final class RefusingSeal implements DatagramSeal {

        @Override
        public String suite() {
            return "refusing-test";
        }

        @Override
        public SealSession session(NodeId self, String cluster) {
            SealSession plain = new StepWorld.PlainSeal().session(self, cluster);
            return new SealSession() {
                @Override
                public int overheadBytes() {
                    return plain.overheadBytes();
                }

                @Override
                public void seal(ByteBuffer plaintext, ByteBuffer frame) {
                    plain.seal(plaintext, frame);
                }

                @Override
                public Opened open(ByteBuffer frames) {
                    String said = UTF_8.decode(frames).toString();
                    return new Opened.Refused(Stream.of(OpenFailure.values())
                            .filter(reason -> reason.name().equals(said))
                            .findFirst()
                            .orElse(OpenFailure.MALFORMED));
                }

                @Override
                public void close() {
                    plain.close();
                }
            };
        }
    }
}

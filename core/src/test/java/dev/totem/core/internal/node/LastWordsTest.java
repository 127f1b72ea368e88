/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.totem.core.TotemNode;
import dev.totem.core.internal.node.environment.LastWords;
import dev.totem.core.internal.node.environment.NodeEnvironment;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.internal.protocol.StepWitness;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

class LastWordsTest {

    /** The node has not ended before its lines are kept. */
    @Test
    void aNodeThatStopsItselfKeepsWhatItDid() throws Exception {
        StepWorld world = new StepWorld();
        StepWorld.Place place = world.new Place(1);
        List<String> kept = new ArrayList<>();
        Sinks.Empty<Void> written = Sinks.empty();
        LastWords lastWords = lines -> {
            kept.addAll(lines);
            return written.asMono();
        };
        StepWitness broken = (input, view, effects) -> {
            if (view.phase() == RingPhase.OPERATIONAL) {
                throw new IllegalStateException("a defect");
            }
        };
        NodeEnvironment environment = new NodeEnvironment(
                place.link,
                place.loop,
                new StepWorld.PlainSeal(),
                place.disk,
                new Random(1),
                place.reserve,
                broken,
                lastWords);
        List<TotemNode> made = new ArrayList<>();
        RunningNode.start(place.id, NodeSettings.defaults(), environment, made::add)
                .subscribe(node -> {}, failure -> {});

        assertThat(world.runUntil(() -> !kept.isEmpty(), Duration.ofSeconds(5))).isTrue();

        CompletableFuture<Void> closed = made.get(0).onClose().toFuture();
        assertThat(closed).isNotDone();
        assertThat(kept).isEqualTo(made.get(0).blackBox());
        assertThat(kept).anyMatch(line -> line.contains("\"phase\":\"operational\""));
        assertThat(kept.get(kept.size() - 1)).contains("\"event\":\"stopped\"", "a defect");

        written.tryEmitEmpty();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> closed.get(20, TimeUnit.SECONDS))
                .withMessageContaining("a defect");
    }
}

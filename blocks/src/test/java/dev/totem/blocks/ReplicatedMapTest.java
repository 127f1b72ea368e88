/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.blocks.MapChange.Kind;
import dev.totem.core.ConfigurationException;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.testkit.Simulation;
import dev.totem.testkit.TotemSimulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReplicatedMapTest {

    private static BlockBuilder<ReplicatedMap<String, String>> map() {
        return ReplicatedMap.of("map", Quorum.majority(3), Codec.utf8(), Codec.utf8());
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void putsAndRemovesIfWhatIsThereIsWhatIsExpected(Simulation sim) {
        OnNodes<ReplicatedMap<String, String>> maps = new OnNodes<>(sim, map());
        maps.awaitInState(3);

        Position first = maps.await(maps.on(1).put("a", "1"));
        assertThat(maps.await(maps.on(2).getLatest("a"))).isEqualTo(new MapEntry<>("a", "1", first));
        assertThat(maps.await(maps.on(2).putIfAbsent("a", "2")).isApplied()).isFalse();
        MapUpdate<String> replaced = maps.await(maps.on(3).replace("a", "2", first));
        assertThat(replaced.isApplied()).isTrue();
        assertThat(replaced.before()).contains("1");
        assertThat(replaced.position()).isGreaterThan(first);
        assertThat(maps.await(maps.on(1).replace("a", "3", first)).isApplied()).isFalse();
        assertThat(maps.await(maps.on(1).compareAndSet("a", "1", "3")).isApplied())
                .isFalse();
        assertThat(maps.await(maps.on(1).compareAndSet("a", "2", "3")).isApplied())
                .isTrue();
        assertThat(maps.await(maps.on(2).remove("a", first)).isApplied()).isFalse();
        assertThat(maps.await(maps.on(2).compareAndRemove("a", "3")).isApplied())
                .isTrue();
        assertThat(sim.await(maps.on(3).getLatest("a"), OnNodes.LIMIT)).isEmpty();
        assertThat(maps.await(maps.on(3).remove("a")).before()).isEmpty();
    }

    @TotemSimulation(nodes = 3, seeds = 3)
    void putsAllAtOnce(Simulation sim) {
        OnNodes<ReplicatedMap<String, String>> maps = new OnNodes<>(sim, map());
        maps.awaitInState(3);

        Position version = maps.await(maps.on(1).putAll(Map.of("a", "1", "b", "2")));
        assertThat(maps.await(maps.on(2).getLatest("b")).version()).isEqualTo(version);
        assertThat(maps.await(maps.on(2).entries().collectList()))
                .containsExactly(new MapEntry<>("a", "1", version), new MapEntry<>("b", "2", version));
        assertThat(maps.await(maps.on(2).size())).isEqualTo(2);
        assertThat(maps.await(maps.on(1).snapshot()))
                .isEqualTo(maps.await(maps.on(2).snapshot()));
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void watchesWhatIsThereAndThenEveryChange(Simulation sim) {
        OnNodes<ReplicatedMap<String, String>> maps = new OnNodes<>(sim, map());
        maps.awaitInState(3);
        maps.await(maps.on(1).put("a", "0"));
        sim.run(Duration.ofMillis(100));
        List<String> all = new ArrayList<>();
        List<String> one = new ArrayList<>();
        maps.on(2).watch().subscribe(change -> all.add(told(change)), Throwable::printStackTrace);
        maps.on(2).watch("a").subscribe(change -> one.add(told(change)), Throwable::printStackTrace);
        for (int i = 1; i <= 3; i++) {
            maps.await(maps.on(1).put("a", String.valueOf(i)));
            maps.await(maps.on(3).put("b", String.valueOf(i)));
        }
        maps.await(maps.on(1).remove("a"));
        sim.run(Duration.ofMillis(100));

        assertThat(all)
                .containsExactly(
                        "PRESENT a=0", "PUT a=1", "PUT b=1", "PUT a=2", "PUT b=2", "PUT a=3", "PUT b=3", "REMOVED a=-");
        assertThat(one).containsExactly("PRESENT a=0", "PUT a=1", "PUT a=2", "PUT a=3", "REMOVED a=-");
    }

    private static String told(MapChange<String, String> change) {
        return change.kind() + " " + change.key() + "=" + change.value().orElse("-");
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void toldOfTheLastChangesIfTheStateCameAsAWhole(Simulation sim) {
        OnNodes<ReplicatedMap<String, String>> maps = new OnNodes<>(sim, map().memory(500, 1 << 20));
        maps.awaitInState(3);
        maps.await(maps.on(1).put("old", "1"));
        Map<String, String> seen = new TreeMap<>();
        maps.on(3)
                .watch()
                .subscribe(
                        change -> change.value()
                                .ifPresentOrElse(
                                        value -> seen.put(change.key(), value), () -> seen.remove(change.key())),
                        Throwable::printStackTrace);
        sim.run(Duration.ofMillis(100));
        assertThat(seen).containsExactly(Map.entry("old", "1"));
        sim.partition(3);
        sim.runUntil(() -> !maps.isInState(3) && maps.isInState(1), OnNodes.LIMIT);
        maps.await(maps.on(1).remove("old"));
        for (int i = 0; i < 30; i++) {
            maps.await(maps.on(1).put("k" + i % 5, String.valueOf(i)));
        }
        sim.settle();
        maps.awaitInState(3);
        sim.run(Duration.ofMillis(100));

        assertThat(seen).isEqualTo(Map.of("k0", "25", "k1", "26", "k2", "27", "k3", "28", "k4", "29"));
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void removesWhatHasLivedLongEnoughAtOnePosition(Simulation sim) {
        OnNodes<ReplicatedMap<String, String>> maps = new OnNodes<>(sim, map().tick(Duration.ofMillis(100)));
        maps.awaitInState(3);
        Map<Integer, List<Position>> expired = new TreeMap<>();
        for (int id = 1; id <= 3; id++) {
            List<Position> here = new ArrayList<>();
            expired.put(id, here);
            maps.on(id)
                    .watch()
                    .filter(change -> change.kind() == Kind.EXPIRED)
                    .subscribe(change -> here.add(change.position()), Throwable::printStackTrace);
        }
        sim.run(Duration.ofSeconds(1));
        maps.await(maps.on(1).put("a", "1", Duration.ofSeconds(2)));
        maps.await(maps.on(2).put("b", "1"));
        sim.run(Duration.ofMillis(1_700));
        assertThat(maps.await(maps.on(2).get("a")).value()).isEqualTo("1");
        sim.run(Duration.ofSeconds(1));

        assertThat(sim.await(maps.on(2).get("a"), OnNodes.LIMIT)).isEmpty();
        assertThat(sim.await(maps.on(2).get("b"), OnNodes.LIMIT)).isPresent();
        assertThat(expired.get(1)).hasSize(1);
        assertThat(expired.values()).allMatch(expired.get(1)::equals);
    }

    @TotemSimulation(nodes = 3, seeds = 3)
    void comesToANewcomerWhateverTheSizeOfItsValues(Simulation sim) {
        OnNodes<ReplicatedMap<String, String>> maps = new OnNodes<>(sim, map().memory(0, 1 << 22));
        maps.awaitInState(3);
        for (int i = 0; i < 4; i++) {
            maps.await(maps.on(1).put("big" + i, "x".repeat(300_000 + i)));
        }
        maps.await(maps.on(1).put("small", "1", Duration.ofHours(1)));
        sim.crash(3);
        sim.run(Duration.ofSeconds(1));
        sim.restart(3);
        maps.awaitInState(3);
        sim.run(Duration.ofMillis(100));

        MapSnapshot<String, String> there = maps.await(maps.on(3).snapshot());
        assertThat(there.entries()).hasSize(5);
        assertThat(there).isEqualTo(maps.await(maps.on(1).snapshot()));
    }

    @Test
    void refusesATimeThatIsNone() {
        assertThatThrownBy(() -> BlockBuilder.of("map", "", Quorum.majority(1), (node, settings, instance) -> null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("1 to 96 bytes");
        assertThatThrownBy(() -> map().tick(Duration.ofMillis(1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tick=PT0.001S: 10 ms or more");
        assertThat(Optional.of(map())).isPresent();
    }
}

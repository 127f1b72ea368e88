/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.Guarantee;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Bare machines under random faults: who goes together sees the same, everybody sees its own, and all meet again. */
class RandomMachinesTest {

    private static final int SEEDS = Integer.getInteger("totem.machine.seeds", 150);

    @Test
    void keepVirtualSynchronyAndMeetAgain() {
        Long only = Long.getLong("totem.seed");
        if (only != null) {
            schedule(only);
            return;
        }
        for (long seed = 1; seed <= SEEDS; seed++) {
            schedule(seed);
        }
    }

    private void schedule(long seed) {
        try {
            run(seed);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("rerun with -Dtotem.seed=" + seed + ": " + e.getMessage(), e);
        }
    }

    private void run(long seed) {
        Random chance = new Random(seed);
        int nodes = 2 + chance.nextInt(4);
        MachineRing ring = new MachineRing(seed, NodeSettings.defaults());
        IntStream.rangeClosed(1, nodes).forEach(ring::start);
        List<MachineRing.Member> everybody = new ArrayList<>(ring.members.values());
        int loss = chance.nextInt(15);
        boolean[] apart = new boolean[nodes + 1];
        ring.lost = hop -> chance.nextInt(100) < loss
                || apart[hop.from().value()] != apart[hop.to().value()];
        ring.doubled = hop -> chance.nextInt(50) == 0;
        int sent = 0;
        for (int step = 0; step < 40; step++) {
            switch (chance.nextInt(8)) {
                case 0 -> apart[1 + chance.nextInt(nodes)] ^= true;
                case 1 -> IntStream.rangeClosed(1, nodes).forEach(i -> apart[i] = false);
                case 2 -> {
                    int id = 1 + chance.nextInt(nodes);
                    if (ring.member(id) != null) {
                        ring.crash(id);
                    } else {
                        everybody.add(ring.start(id));
                    }
                }
                default -> {
                    for (MachineRing.Member member : List.copyOf(ring.members.values())) {
                        for (int i = chance.nextInt(20); i > 0; i--) {
                            member.send("m" + sent++, chance.nextInt(3) == 0 ? Guarantee.SAFE : Guarantee.AGREED);
                        }
                    }
                }
            }
            ring.run(Duration.ofNanos((long) Math.exp(chance.nextDouble() * 15 + 7)));
        }
        ring.lost = hop -> false;
        IntStream.rangeClosed(1, nodes)
                .filter(id -> ring.member(id) == null)
                .forEach(id -> everybody.add(ring.start(id)));
        Integer[] all = IntStream.rangeClosed(1, nodes).boxed().toArray(Integer[]::new);

        assertThat(ring.runUntil(() -> ring.together(all), Duration.ofSeconds(20)))
                .as("all meet again: %s", phases(ring))
                .isTrue();
        ring.run(Duration.ofSeconds(2));
        sameBetweenSameChanges(everybody);
    }

    private static String phases(MachineRing ring) {
        StringBuilder text = new StringBuilder();
        ring.members.forEach((id, m) -> text.append(id + " " + m.machine.phase() + " " + m.config + "; "));
        return text.toString();
    }

    private static void sameBetweenSameChanges(List<MachineRing.Member> everybody) {
        Map<String, List<String>> seen = new HashMap<>();
        for (MachineRing.Member member : everybody) {
            ConfigChange from = null;
            List<String> between = new ArrayList<>();
            for (Object event : member.log) {
                if (event instanceof ConfigChange change) {
                    if (from != null) {
                        String key = identity(from) + " > " + identity(change);
                        List<String> other = seen.putIfAbsent(key, List.copyOf(between));
                        if (other != null) {
                            assertThat(between).as(key + " at " + member.id).isEqualTo(other);
                        }
                    }
                    from = change;
                    between.clear();
                } else {
                    between.add((String) event);
                }
            }
            assertThat(member.texts()).doesNotHaveDuplicates();
        }
    }

    private static String identity(ConfigChange change) {
        return change.kind() + " " + change.ring() + " " + change.successor() + " " + change.members();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.Position;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.node.environment.RingReserve;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A node with one handle in group g, and all that the handle saw. */
public final class StepMember {

    /** An idle ring is at rest then. */
    public static final Duration REST = Duration.ofMillis(500);

    private static final Duration SOON = Duration.ofSeconds(20);

    public final StepWorld.Place place;
    final TotemNode node;
    public final EvsHandle handle;
    final Log<EvsEvent> log = new Log<>();

    public StepMember(StepWorld world, int id, NodeSettings config) {
        this(world, world.place(id), config);
    }

    StepMember(StepWorld world, StepWorld.Place at, NodeSettings config) {
        place = at;
        List<EvsHandle> handles = new ArrayList<>();
        node = place.start(config, bound -> {
            EvsHandle opened = bound.openHandle(world.users);
            opened.join("g").subscribe();
            log.follow(opened.events());
            handles.add(opened);
        });
        handle = handles.get(0);
    }

    public static List<StepMember> ring(StepWorld world, int size, NodeSettings config) {
        List<StepMember> members = new ArrayList<>();
        for (int id = 1; id <= size; id++) {
            members.add(new StepMember(world, id, config));
        }
        return formed(world, members);
    }

    /** A ring whose members reserve ring numbers like this. */
    static List<StepMember> ring(StepWorld world, int size, NodeSettings config, RingReserve reserve) {
        List<StepMember> members = new ArrayList<>();
        for (int id = 1; id <= size; id++) {
            StepWorld.Place place = world.place(id);
            place.reserve = reserve;
            members.add(new StepMember(world, place, config));
        }
        return formed(world, members);
    }

    private static List<StepMember> formed(StepWorld world, List<StepMember> members) {
        int size = members.size();
        assertThat(world.runUntil(() -> members.stream().allMatch(member -> member.isInRingOf(size)), SOON))
                .as("one ring of %d", size)
                .isTrue();
        assertThat(world.runUntil(() -> members.stream().allMatch(member -> member.sees(size)), SOON))
                .as("one group of %d", size)
                .isTrue();
        world.run(REST);
        return members;
    }

    private boolean sees(int size) {
        return handle.members("g").size() == size;
    }

    List<Delivery> deliveries() {
        return log.values.stream()
                .filter(Delivery.class::isInstance)
                .map(Delivery.class::cast)
                .toList();
    }

    List<Position> positions() {
        return deliveries().stream().map(Delivery::position).toList();
    }

    List<ConfigChange> changes() {
        return log.values.stream()
                .filter(ConfigChange.class::isInstance)
                .map(ConfigChange.class::cast)
                .toList();
    }

    public boolean isInRingOf(int members) {
        return node.membership().members().size() == members;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.List;

/** Forms a ring, breaks it, and says whether this JVM has a flight recorder. */
public final class NodesWithoutRecorder {

    private NodesWithoutRecorder() {}

    public static void main(String[] args) {
        System.out.println(
                "recorder: " + ModuleLayer.boot().findModule("jdk.jfr").isPresent());
        StepWorld world = new StepWorld();
        List<StepMember> ring = StepMember.ring(world, 3, NodeSettings.defaults());
        ring.get(0).place.link.side = 1;
        world.run(Duration.ofSeconds(4));
        System.out.println(ring.get(1).node.health());
    }
}

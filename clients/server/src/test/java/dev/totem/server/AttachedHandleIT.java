/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.client.TotemClient;
import dev.totem.core.EvsHandle;
import dev.totem.core.NodeHealth;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The handles of clients at executives: one client an executive. */
class AttachedHandleIT extends HandleContract {

    private Executives executives;
    private final Map<Integer, TotemClient> clients = new HashMap<>();

    @BeforeEach
    void serves() throws IOException {
        executives = new Executives();
        ring.nodes().forEach(node -> {
            String name = "n" + node.id();
            executives.serve(node, name);
            clients.put(node.id().value(), executives.attach(name));
        });
    }

    @AfterEach
    void leaves() throws IOException {
        executives.close();
    }

    @Override
    EvsHandle open(int node, Scheduler scheduler) {
        return clients.get(node).openHandle(scheduler).block(SOON);
    }

    @Override
    EvsHandle openNamed(int node, String name) {
        return clients.get(node).openHandle(Schedulers.parallel(), name).block(SOON);
    }

    @Test
    void aClientIsToldWhetherItsExecutiveMayDecide() {
        TotemClient client = clients.get(1);
        assertThat(client.membership().block(SOON)).isEqualTo(ring.node(1).membership());
        assertThat(client.membership().block(SOON).isPrimary()).isTrue();

        ring.partition(1);
        ring.awaitRing(1).block(SOON);
        assertThat(client.membership().block(SOON).isPrimary()).isFalse();
        assertThat(client.health().block(SOON)).isEqualTo(ring.node(1).health());
        assertThat(client.health().block(SOON).has(NodeHealth.Code.NOT_PRIMARY)).isTrue();
    }
}

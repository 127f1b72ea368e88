/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import dev.totem.core.EvsHandle;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The handles of a node in this process. */
class EmbeddedHandleTest extends HandleContract {

    @Override
    EvsHandle open(int node, Scheduler scheduler) {
        return ring.node(node).openHandle(scheduler);
    }

    @Override
    EvsHandle openNamed(int node, String name) {
        return ring.node(node).openHandle(Schedulers.parallel(), name);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Where handles are opened, wherever their processor is: a {@link TotemNode} in this process, or a client at a node in another one.
 * What is built on handles alone takes it, and works at both. Any thread.
 *
 * <p>{@link EvsHandle#id()} says at which node a handle has its place.
 */
public interface HandleSource {

    /**
     * Opens a handle.
     *
     * <p>Completes with it when it has its place at the node; fails with {@link NodeClosedException} if there will be none. Cold: each
     * subscription opens one; cancelling may leave one open.
     *
     * @param scheduler where its signals run, one after another on one worker
     */
    Mono<EvsHandle> handle(Scheduler scheduler);

    /**
     * The same, with a name that the members of its groups see.
     *
     * @param name 1 to 128 bytes of UTF-8; need not differ from others
     * @throws ConfigurationException at once or by {@code onError}, if it is empty or longer
     */
    Mono<EvsHandle> handle(Scheduler scheduler, String name);
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import reactor.core.publisher.Mono;

/**
 * Starts the application's node. A bean of this type takes the place of the one that starts a node on UDP or TCP as the
 * properties say.
 */
@FunctionalInterface
public interface TotemNodeStarter {

    /**
     * A node with these settings, started when it is subscribed; at each start of the application context once.
     *
     * @param settings those of the properties {@code totem.*}
     */
    Mono<TotemNode> start(TotemConfig settings);
}

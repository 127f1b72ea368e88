/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.core.spi.PeerDiscovery;
import java.util.Optional;

/** What finds the nodes of a service by Spring Cloud, where the application has it; names none of its types. Any thread. */
@FunctionalInterface
public interface CloudDiscovery {

    /**
     * Where its instances are.
     *
     * @param service the application's own name if empty
     * @param ownPort of nodes that do not say theirs; 0 if they have to
     */
    PeerDiscovery of(Optional<String> service, int ownPort);
}

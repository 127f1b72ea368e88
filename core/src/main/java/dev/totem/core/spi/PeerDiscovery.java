/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import java.net.InetSocketAddress;
import java.util.Set;
import reactor.core.publisher.Flux;

/**
 * Where other nodes may be. Any thread; a node subscribes when it starts and cancels when it ends.
 *
 * <p>One member that can be reached is enough: members tell each other where members are. Who is at an address is learned
 * from authentic frames, so an address where nobody is, or somebody else, costs a few datagrams and no more. The node's own
 * address may be among them.
 */
@FunctionalInterface
public interface PeerDiscovery {

    /**
     * Each signal is the whole set of addresses known at that time, resolved; ports from 1 to 65,535.
     *
     * <p>A set takes the place of the one before; an empty one, or one that lacks a member, removes nobody from a ring. After
     * an error or completion the last set stays in use, and after an error the node subscribes again, after a pause that
     * grows from one second to thirty. Unbounded demand; signals on any thread; must not block the subscriber. Cold: each
     * subscription is a search of its own, and cancelling ends it.
     */
    Flux<Set<InetSocketAddress>> candidates();

    /**
     * The same discovery for a node that others reach at this address; for those that also tell others where the node is.
     * Called once before {@link #candidates()} is subscribed.
     */
    default PeerDiscovery announcing(InetSocketAddress self) {
        return this;
    }
}

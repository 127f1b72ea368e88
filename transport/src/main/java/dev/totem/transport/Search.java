/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.spi.PeerDiscovery;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * All discoveries of a link together: what each has found last, and again after it has failed. {@link #start} on the node's
 * loop, {@link #close} on any thread.
 */
final class Search {

    /** More than the largest ring four times; a discovery that finds more is misled. */
    static final int FOUND_MAX = 2_048;

    private static final Duration RETRY_MIN = Duration.ofSeconds(1);
    private static final Duration RETRY_MAX = Duration.ofSeconds(30);

    private final List<PeerDiscovery> discoveries;
    private final LinkPlan plan;
    private final LinkLog log;
    private final Consumer<Set<InetSocketAddress>> finder;
    private final List<Set<InetSocketAddress>> found = new ArrayList<>();
    private final Disposable.Composite running = Disposables.composite();

    /** @param finder is given all that is found, each time that this changes; on the node's loop */
    Search(List<PeerDiscovery> discoveries, LinkPlan plan, LinkLog log, Consumer<Set<InetSocketAddress>> finder) {
        this.discoveries = List.copyOf(discoveries);
        this.plan = plan;
        this.log = log;
        this.finder = finder;
    }

    /** @param self where others reach this node */
    void start(InetSocketAddress self) {
        for (PeerDiscovery discovery : discoveries) {
            int index = found.size();
            found.add(Set.of());
            running.add(discovery
                    .announcing(self)
                    .candidates()
                    .retryWhen(Retry.backoff(Long.MAX_VALUE, RETRY_MIN)
                            .maxBackoff(RETRY_MAX)
                            .transientErrors(true)
                            .scheduler(Schedulers.parallel())
                            .doBeforeRetry(failed -> onLoop(() -> log.remind(
                                    "discovery by " + discovery + " has failed and is tried again",
                                    String.valueOf(failed.failure())))))
                    .subscribe(
                            set -> onLoop(() -> found(index, set)),
                            failed -> onLoop(() ->
                                    log.remind("discovery by " + discovery + " has ended", String.valueOf(failed)))));
        }
    }

    private void found(int index, Set<InetSocketAddress> set) {
        Set<InetSocketAddress> usable = set.stream()
                .filter(this::isUsable)
                .limit(FOUND_MAX)
                .map(address -> new InetSocketAddress(
                        Endpoint.scoped(address.getAddress(), plan.local().nic()), address.getPort()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (!usable.equals(found.get(index))) {
            found.set(index, usable);
            finder.accept(found.stream().flatMap(Set::stream).collect(Collectors.toSet()));
        }
    }

    private boolean isUsable(InetSocketAddress candidate) {
        InetAddress address = candidate.getAddress();
        return address != null
                && candidate.getPort() > 0
                && plan.local().sameFamily(address)
                && !address.isMulticastAddress()
                && !address.isAnyLocalAddress();
    }

    private void onLoop(Runnable task) {
        if (!running.isDisposed()) {
            plan.loop().eventLoop().execute(task);
        }
    }

    void close() {
        running.dispose();
    }

    @Override
    public String toString() {
        return discoveries.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.core.spi.PeerDiscovery;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Nodes may be where Spring Cloud knows instances of a service. Any thread.
 *
 * <p>The client is asked at once, and again every few seconds; a question that is not answered in time, or fails, is an error, after
 * which the node asks again later. Names are resolved on threads that may block.
 */
public final class CloudPeers implements PeerDiscovery {

    /** In the metadata of an instance: the port of its node, where that is not the port of this one. */
    static final String PORT = "totem-port";

    private static final Logger LOG = LoggerFactory.getLogger(CloudPeers.class);
    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ReactiveDiscoveryClient client;
    private final String service;
    private final int ownPort;
    private final Duration period;

    /** @param ownPort of nodes that do not say theirs; 0 if they have to */
    public CloudPeers(ReactiveDiscoveryClient client, String service, int ownPort) {
        this(client, service, ownPort, PERIOD);
    }

    CloudPeers(ReactiveDiscoveryClient client, String service, int ownPort, Duration period) {
        this.client = client;
        this.service = service;
        this.ownPort = ownPort;
        this.period = period;
    }

    @Override
    public Flux<Set<InetSocketAddress>> candidates() {
        return Flux.interval(Duration.ZERO, period)
                .onBackpressureDrop()
                .concatMap(tick -> ask(), 1)
                .distinctUntilChanged()
                .doOnNext(this::tell);
    }

    private Mono<Set<InetSocketAddress>> ask() {
        return client.getInstances(service)
                .timeout(PATIENCE)
                .collectList()
                .publishOn(Schedulers.boundedElastic())
                .map(instances -> instances.stream()
                        .filter(instance -> port(instance) > 0)
                        .map(instance -> new InetSocketAddress(instance.getHost(), port(instance)))
                        .filter(address -> !address.isUnresolved())
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** 0 if nobody knows. */
    private int port(ServiceInstance instance) {
        String said = instance.getMetadata().getOrDefault(PORT, "");
        if (said.isEmpty()) {
            return ownPort;
        }
        int port = said.matches("[0-9]{1,5}") ? Integer.parseInt(said) : 0;
        if (port < 1 || port > HostPort.PORT_MOST) {
            LOG.warn("{} of {} is no port: {}", PORT, instance.getInstanceId(), said);
            return 0;
        }
        return port;
    }

    private void tell(Set<InetSocketAddress> found) {
        if (found.isEmpty()) {
            LOG.warn("Spring Cloud knows no instance of the service {}, so no other node is found by it yet", service);
        } else {
            LOG.debug("instances of the service {} are at {}", service, found);
        }
    }

    @Override
    public String toString() {
        return "cloud:" + service;
    }
}

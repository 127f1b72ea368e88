/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import reactor.core.publisher.Flux;

/** Knows what it was told. */
public final class FakeCloud implements ReactiveDiscoveryClient {

    private static final int HTTP = 8_080;

    private final Map<String, List<ServiceInstance>> instances = new ConcurrentHashMap<>();
    private final Map<String, RuntimeException> failures = new ConcurrentHashMap<>();

    public void knows(String service, ServiceInstance... now) {
        failures.remove(service);
        instances.put(service, List.of(now));
    }

    public void fails(String service, RuntimeException failure) {
        failures.put(service, failure);
    }

    /** Its web server is at another port than its node. */
    public static ServiceInstance at(String service, String host, Map<String, String> metadata) {
        return new DefaultServiceInstance(service + "@" + host, service, host, HTTP, false, metadata);
    }

    @Override
    public String description() {
        return "for tests";
    }

    @Override
    public Flux<ServiceInstance> getInstances(String service) {
        return Flux.defer(() -> {
            RuntimeException failure = failures.get(service);
            return failure == null ? Flux.fromIterable(instances.getOrDefault(service, List.of())) : Flux.error(failure);
        });
    }

    @Override
    public Flux<String> getServices() {
        return Flux.fromIterable(instances.keySet());
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import dev.totem.core.ConfigurationException;
import dev.totem.core.spi.PeerDiscovery;
import dev.totem.spring.boot.internal.CloudDiscovery;
import dev.totem.spring.boot.internal.CloudPeers;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.context.annotation.Bean;

/** Nodes are found by what Spring Cloud knows of the application, unless properties or a {@link PeerDiscovery} say where they are. */
@AutoConfiguration(
        before = TotemAutoConfiguration.class,
        afterName = "org.springframework.cloud.client.discovery.composite.reactive.ReactiveCompositeDiscoveryClientAutoConfiguration")
@ConditionalOnClass(ReactiveDiscoveryClient.class)
@ConditionalOnBean(ReactiveDiscoveryClient.class)
public final class TotemCloudAutoConfiguration {

    /** The composite client where there is one, as it is the primary bean. */
    @Bean
    CloudDiscovery totemCloudDiscovery(
            ReactiveDiscoveryClient client, @Value("${spring.application.name:}") String application) {
        return (service, ownPort) -> new CloudPeers(client, service.orElseGet(() -> named(application)), ownPort);
    }

    private static String named(String application) {
        if (application.isEmpty()) {
            throw new ConfigurationException(
                    "spring.application.name", "none", "Spring Cloud knows instances by it: set it, or totem.discover=cloud:SERVICE");
        }
        return application;
    }
}

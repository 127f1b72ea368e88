/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import dev.totem.spring.boot.internal.ContextNode;
import dev.totem.spring.boot.internal.LeaderOnlyMethods;
import dev.totem.spring.boot.internal.Listeners;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The actuator endpoint {@code totem}. */
@AutoConfiguration(after = TotemAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(ContextNode.class)
@ConditionalOnAvailableEndpoint(endpoint = TotemEndpoint.class)
public final class TotemEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    TotemEndpoint totemEndpoint(
            ContextNode node,
            Listeners listeners,
            LeaderOnlyMethods methods,
            ObjectProvider<TotemLeadership> leadership) {
        return new TotemEndpoint(
                node, listeners, methods, election -> leadership.getObject().isLeading(election));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import dev.totem.spring.boot.internal.ContextNode;
import dev.totem.spring.boot.internal.TotemHealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthContributor;
import org.springframework.context.annotation.Bean;

/** The health contributor {@code totem}. */
@AutoConfiguration(after = TotemAutoConfiguration.class)
@ConditionalOnClass({ReactiveHealthContributor.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(ContextNode.class)
@ConditionalOnEnabledHealthIndicator("totem")
public final class TotemHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = {"totemHealthIndicator", "totemHealthContributor"})
    ReactiveHealthContributor totemHealthContributor(ContextNode node) {
        return new TotemHealthIndicator(node);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import dev.totem.blocks.Codec;
import dev.totem.core.SlowSubscriberException;
import dev.totem.core.TotemConfig;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.PeerDiscovery;
import dev.totem.security.AeadSeal;
import dev.totem.spring.boot.internal.CloudDiscovery;
import dev.totem.spring.boot.internal.ContextNode;
import dev.totem.spring.boot.internal.Elections;
import dev.totem.spring.boot.internal.JacksonCodec;
import dev.totem.spring.boot.internal.LeaderOnlyMethods;
import dev.totem.spring.boot.internal.LeaderOnlyPostProcessor;
import dev.totem.spring.boot.internal.Listeners;
import dev.totem.spring.boot.internal.Observing;
import dev.totem.spring.boot.internal.Seals;
import dev.totem.spring.boot.internal.SettingProperties;
import dev.totem.spring.boot.internal.TransportStarter;
import dev.totem.transport.UdpTotem;
import java.lang.reflect.Type;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** The node, {@link TotemTemplate}, {@link TotemListener}s, {@link TotemBlocks} and {@link LeaderOnly} methods. */
@AutoConfiguration(afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnBooleanProperty(name = "totem.enabled", matchIfMissing = true)
@EnableConfigurationProperties(TotemProperties.class)
public final class TotemAutoConfiguration {

    private static final Logger LISTENERS = LoggerFactory.getLogger(TotemListener.class);

    @Bean
    @ConditionalOnMissingBean
    TotemConfig totemSettings(Environment environment) {
        return SettingProperties.read(environment);
    }

    @Bean(destroyMethod = "destroy")
    @ConditionalOnMissingBean
    ContextNode totemNode(TotemNodeStarter starter, TotemConfig settings, TotemProperties properties) {
        return new ContextNode(starter, settings, properties.startTimeout());
    }

    @Bean
    @ConditionalOnMissingBean
    TotemTemplate totemTemplate(ContextNode node, TotemCodecs codecs, ObjectProvider<Observing> observing) {
        return new TotemTemplate(node, codecs, observing.getIfAvailable(() -> Observing.NOTHING));
    }

    @Bean
    @ConditionalOnMissingBean
    TotemListenerErrorHandler totemListenerErrorHandler() {
        return failure -> Mono.fromRunnable(() -> LISTENERS.error(
                "listener {} failed{}",
                failure.listener(),
                failure.event()
                        .map(event -> " at " + event)
                        .orElse(failure.error() instanceof SlowSubscriberException ? ", and has missed events" : ""),
                failure.error()));
    }

    @Bean
    Listeners totemListeners(
            ConfigurableListableBeanFactory beans,
            ContextNode node,
            TotemCodecs codecs,
            TotemListenerErrorHandler errors,
            ObjectProvider<Observing> observing) {
        return new Listeners(beans, node, codecs, errors, observing.getIfAvailable(() -> Observing.NOTHING));
    }

    @Bean
    @ConditionalOnMissingBean
    TotemBlocks totemBlocks(ContextNode node, TotemProperties properties) {
        return new TotemBlocks(node, properties.lease());
    }

    @Bean
    LeaderOnlyMethods totemLeaderOnlyMethods(ConfigurableListableBeanFactory beans) {
        return new LeaderOnlyMethods(beans);
    }

    @Bean
    @ConditionalOnMissingBean(TotemLeadership.class)
    Elections totemLeadership(LeaderOnlyMethods methods, TotemBlocks blocks) {
        return new Elections(methods, !blocks.quorum().isNone(), blocks.election("spring"));
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LeaderOnlyPostProcessor totemLeaderOnly(
            ConfigurableListableBeanFactory beans, ObjectProvider<TotemLeadership> leadership) {
        return new LeaderOnlyPostProcessor(
                leadership::getObject, text -> String.valueOf(beans.resolveEmbeddedValue(text)));
    }

    private static Optional<Codec<?>> ownCodec(ListableBeanFactory beans, Type type) {
        ResolvableType asked = ResolvableType.forClassWithGenerics(Codec.class, ResolvableType.forType(type));
        return Optional.ofNullable(beans.<Codec<?>>getBeanProvider(asked).getIfUnique());
    }

    /** JSON where the application has a mapper. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JsonMapper.class)
    static class WithJson {

        @Bean
        @ConditionalOnMissingBean
        TotemCodecs totemCodecs(ListableBeanFactory beans, ObjectProvider<JsonMapper> mapper) {
            return new TotemCodecs(
                    type -> ownCodec(beans, type),
                    type -> Optional.ofNullable(mapper.getIfAvailable()).map(json -> new JacksonCodec(json, type)));
        }
    }

    /** Bytes, text, and codecs of the application. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass("tools.jackson.databind.json.JsonMapper")
    static class WithoutJson {

        @Bean
        @ConditionalOnMissingBean
        TotemCodecs totemCodecs(ListableBeanFactory beans) {
            return new TotemCodecs(type -> ownCodec(beans, type), type -> Optional.empty());
        }
    }

    /** A node on the network, unless the application starts it in another way. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({UdpTotem.class, AeadSeal.class})
    @ConditionalOnMissingBean(TotemNodeStarter.class)
    static class OnTheNetwork {

        @Bean
        TotemNodeStarter totemNodeStarter(
                TotemProperties properties,
                ObjectProvider<DatagramSeal> seal,
                ObjectProvider<PeerDiscovery> discoveries,
                ObjectProvider<CloudDiscovery> cloud,
                ObjectProvider<UdpTotemCustomizer> udp,
                ObjectProvider<TcpTotemCustomizer> tcp) {
            return new TransportStarter(
                    properties,
                    () -> seal.getIfAvailable(() -> Seals.of(properties)),
                    discoveries.orderedStream().toList(),
                    Optional.ofNullable(cloud.getIfAvailable()),
                    udp.orderedStream().toList(),
                    tcp.orderedStream().toList());
        }
    }
}

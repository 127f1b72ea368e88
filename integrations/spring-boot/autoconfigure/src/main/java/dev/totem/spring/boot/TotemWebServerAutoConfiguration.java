/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import dev.totem.spring.boot.internal.ContextNode;
import dev.totem.spring.boot.internal.KeptConnections;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import reactor.netty.http.server.HttpServer;

/** When the application stops, its Reactor Netty server answers what comes on kept connections while there is a ring. */
@AutoConfiguration(after = TotemAutoConfiguration.class)
@ConditionalOnClass({NettyServerCustomizer.class, HttpServer.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnBean(ContextNode.class)
public final class TotemWebServerAutoConfiguration {

    @Bean
    KeptConnections totemKeptConnections(ApplicationContext application) {
        return new KeptConnections(application);
    }
}

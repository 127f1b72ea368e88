/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.example;

import dev.totem.blocks.Codec;
import dev.totem.blocks.FencedLock;
import dev.totem.blocks.ReplicatedMap;
import dev.totem.core.ConfigChange;
import dev.totem.core.Position;
import dev.totem.spring.boot.LeaderOnly;
import dev.totem.spring.boot.TotemBlocks;
import dev.totem.spring.boot.TotemListener;
import dev.totem.spring.boot.TotemTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What docs/SPRING.md shows. */
final class Shop {

    private static final Logger LOG = LoggerFactory.getLogger(Shop.class);

    private Shop() {}

    // example:listener
    record PriceChanged(String item, int cents) {}

    @Component
    static class Prices {

        private final TotemTemplate totem;

        Prices(TotemTemplate totem) {
            this.totem = totem;
        }

        Mono<Position> change(String item, int cents) {
            return totem.send("prices", new PriceChanged(item, cents));
        }

        @TotemListener(group = "prices")
        Mono<Void> changed(PriceChanged change) {
            return Mono.fromRunnable(() -> LOG.info("{} costs {}", change.item(), change.cents()));
        }

        @TotemListener
        void members(ConfigChange change) {
            LOG.info("members are {}", change.members());
        }
    }
    // example:end

    // example:job
    @Component
    @EnableScheduling
    static class Report {

        @LeaderOnly("report")
        @Scheduled(cron = "0 0 6 * * *")
        public void send() {
            LOG.info("one instance sends the report");
        }
    }
    // example:end

    // example:blocks
    @Configuration(proxyBeanMethods = false)
    static class Blocks {

        @Bean
        Mono<ReplicatedMap<String, String>> settings(TotemBlocks blocks) {
            return blocks.map("settings", Codec.utf8(), Codec.utf8());
        }

        @Bean
        Mono<FencedLock> locks(TotemBlocks blocks) {
            return blocks.lock("locks");
        }
    }
    // example:end
}

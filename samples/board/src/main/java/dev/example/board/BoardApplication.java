/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.board;

import dev.totem.blocks.Codec;
import dev.totem.blocks.ReplicatedMap;
import dev.totem.spring.boot.TotemBlocks;
import dev.totem.spring.boot.TotemCodecs;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;
import reactor.core.publisher.Mono;

/** Started three times, it is one board. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableScheduling
public class BoardApplication {

    public static void main(String[] args) {
        SpringApplication.run(BoardApplication.class, args);
    }

    /** All cards by their ids: each instance has them, and a majority decides what changes. */
    @Bean
    Mono<ReplicatedMap<String, Card>> board(TotemBlocks blocks, TotemCodecs codecs) {
        return blocks.map("cards", Codec.utf8(), codecs.of(Card.class));
    }
}

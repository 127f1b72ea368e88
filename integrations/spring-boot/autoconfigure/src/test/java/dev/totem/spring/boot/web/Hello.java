/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.web;

import dev.totem.core.Position;
import dev.totem.spring.boot.TotemTemplate;
import java.time.Duration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Answers by what it has sent on the ring. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class Hello {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Sinks.One<Boolean> SLOW_BEGUN = Sinks.one();
    private static final Sinks.One<Boolean> SLOW_MAY_END = Sinks.one();

    /** Until a slow request is under way. */
    public static void awaitSlow() {
        SLOW_BEGUN.asMono().block(PATIENCE);
    }

    /** Lets it be answered. */
    public static void finishSlow() {
        SLOW_MAY_END.tryEmitValue(true);
    }

    /** A bean, as it is a component within a configuration. */
    @RestController
    static class Requests {

        private final TotemTemplate totem;

        Requests(TotemTemplate totem) {
            this.totem = totem;
        }

        @GetMapping("/hello")
        Mono<String> hello() {
            return totem.send("work", "done").map(Position::toString);
        }

        @GetMapping("/slow")
        Mono<String> slow() {
            return Mono.fromRunnable(() -> SLOW_BEGUN.tryEmitValue(true))
                    .then(SLOW_MAY_END.asMono())
                    .then(hello());
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.web;

import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.TotemNode;
import dev.totem.spring.boot.LeaderOnly;
import dev.totem.spring.boot.TotemLeadership;
import dev.totem.spring.boot.TotemTemplate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Answers by what it has sent, has a job, and says on its standard output what it does. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableScheduling
public class WebInstance {

    private final Environment environment;

    WebInstance(Environment environment) {
        this.environment = environment;
    }

    public static void main(String[] args) {
        SpringApplication.run(WebInstance.class, args);
    }

    @EventListener(ApplicationReadyEvent.class)
    void ready() {
        System.out.println("port " + port());
    }

    private String port() {
        return environment.getRequiredProperty("local.server.port");
    }

    @Bean
    Job job(TotemNode node) {
        return new Job(node);
    }

    /** Comes to the server as its users do, when all that stops before the server has stopped. */
    @Bean
    SmartLifecycle lastVisitor() {
        return new LastVisitor(() -> URI.create("http://127.0.0.1:" + port() + "/leader"));
    }

    /** What one instance does. */
    static class Job {

        private final TotemNode node;

        Job(TotemNode node) {
            this.node = node;
        }

        @LeaderOnly("job")
        @Scheduled(fixedRate = 20)
        public void run() {
            System.out.println("job of " + node.id());
        }
    }

    /** None of them is answered without the ring. A bean, as it is a component within a configuration. */
    @RestController
    static class Requests {

        private static final Duration LONG = Duration.ofSeconds(1);

        private final TotemTemplate totem;
        private final TotemLeadership leadership;

        Requests(TotemTemplate totem, TotemLeadership leadership) {
            this.totem = totem;
            this.leadership = leadership;
        }

        @GetMapping("/work")
        Mono<String> work() {
            return totem.send("work", "done").map(Position::toString);
        }

        @GetMapping("/long-work")
        Mono<String> longWork() {
            return Mono.fromRunnable(() -> System.out.println("long work begins"))
                    .then(Mono.delay(LONG))
                    .then(work());
        }

        @GetMapping("/leader")
        Mono<String> leader() {
            return leadership
                    .watch("job")
                    .next()
                    .map(now -> now.leader().map(NodeId::toString).orElse("nobody"));
        }
    }

    /** Between the candidates and the web server. */
    private static final class LastVisitor implements SmartLifecycle {

        private final Supplier<URI> where;
        private volatile boolean isRunning;

        LastVisitor(Supplier<URI> where) {
            this.where = where;
        }

        @Override
        public void start() {
            isRunning = true;
        }

        @Override
        public void stop() {
            isRunning = false;
            try {
                String leader = HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(where.get()).build(), BodyHandlers.ofString())
                        .body();
                System.out.println("the server accepts, and the leader is " + leader);
            } catch (IOException refused) {
                System.out.println("the server does not accept: " + refused);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public boolean isRunning() {
            return isRunning;
        }

        @Override
        public int getPhase() {
            return DEFAULT_PHASE - 1_000;
        }
    }
}

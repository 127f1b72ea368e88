package dev.example;

import dev.totem.core.Position;
import dev.totem.core.TotemNode;
import dev.totem.spring.boot.LeaderOnly;
import dev.totem.spring.boot.TotemListener;
import dev.totem.spring.boot.TotemTemplate;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import reactor.core.publisher.Mono;

@SpringBootApplication
@EnableScheduling
public class HelloApplication {

    private final TotemNode node;
    private final TotemTemplate totem;

    public HelloApplication(TotemNode node, TotemTemplate totem) {
        this.node = node;
        this.totem = totem;
    }

    public static void main(String[] args) {
        SpringApplication.run(HelloApplication.class, args);
    }

    @LeaderOnly
    @Scheduled(fixedRate = 1_000)
    public Mono<Position> greet() {
        return totem.send("greetings", "hello from " + node.id());
    }

    @TotemListener(group = "greetings")
    public void heard(String greeting) {
        System.out.println(node.id() + " hears " + greeting);
    }
}

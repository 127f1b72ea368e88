/* SPDX-License-Identifier: Apache-2.0 */
package dev.example;

import dev.totem.core.TotemNode;
import dev.totem.spring.boot.LeaderOnly;
import dev.totem.spring.boot.TotemListener;
import dev.totem.spring.boot.TotemTemplate;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import reactor.core.publisher.Mono;

/** Two instances in one program: what the leader's job sends both hear, by JSON, and both are healthy. */
@SpringBootApplication
@EnableScheduling
public class StarterApplication {

    private static final int SECONDS_MAX = 60;
    private static final BlockingQueue<String> HEARD = new LinkedBlockingQueue<>();

    private final TotemNode node;
    private final TotemTemplate totem;

    public StarterApplication(TotemNode node, TotemTemplate totem) {
        this.node = node;
        this.totem = totem;
    }

    record Greeting(String text, int from) {}

    @LeaderOnly
    @Scheduled(fixedRate = 100)
    public Mono<?> greet() {
        return totem.send("greetings", new Greeting("hello", node.id().value()));
    }

    @TotemListener(group = "greetings")
    public void heard(Greeting greeting) {
        HEARD.add(node.id() + " hears " + greeting.text() + " from " + greeting.from());
    }

    public static void main(String[] args) throws Exception {
        List<Integer> ports = List.of(freePort(), freePort());
        Path directory = Files.createTempDirectory("starter");
        try (ConfigurableApplicationContext one = start(1, ports, directory);
                ConfigurableApplicationContext two = start(2, ports, directory)) {
            int leader = awaitLeader();
            for (ConfigurableApplicationContext instance : List.of(one, two)) {
                check(get(instance, "/actuator/health"), "\"totem\":{\"status\":\"UP\"");
                check(get(instance, "/actuator/totem"), "\"members\":[1,2]");
            }
            (leader == 1 ? one : two).close();
            int other = 3 - leader;
            await(other + " hears hello from " + other);
        }
        System.out.println("delivered hello");
    }

    /** Whom both hear. */
    private static int awaitLeader() throws InterruptedException {
        List<String> heard = new ArrayList<>();
        while (true) {
            heard.add(next());
            for (int from = 1; from <= 2; from++) {
                if (heard.contains("1 hears hello from " + from) && heard.contains("2 hears hello from " + from)) {
                    return from;
                }
            }
        }
    }

    private static void await(String wanted) throws InterruptedException {
        while (!next().equals(wanted)) {}
    }

    private static String next() throws InterruptedException {
        String heard = HEARD.poll(SECONDS_MAX, TimeUnit.SECONDS);
        if (heard == null) {
            throw new IllegalStateException("nobody hears anything");
        }
        return heard;
    }

    private static ConfigurableApplicationContext start(int id, List<Integer> ports, Path directory) {
        return SpringApplication.run(
                StarterApplication.class,
                "--spring.application.name=starter",
                "--server.address=127.0.0.1",
                "--server.port=0",
                "--management.endpoint.health.show-components=always",
                "--management.endpoints.web.exposure.include=health,totem",
                "--totem.id=" + id,
                "--totem.bind=127.0.0.1:" + ports.get(id - 1),
                "--totem.peers=1@127.0.0.1:" + ports.get(0) + ",2@127.0.0.1:" + ports.get(1),
                "--totem.suite=none",
                "--totem.state-directory=" + directory);
    }

    private static String get(ConfigurableApplicationContext instance, String path) throws Exception {
        String port = instance.getEnvironment().getRequiredProperty("local.server.port");
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    private static void check(String answer, String wanted) {
        if (!answer.contains(wanted)) {
            throw new IllegalStateException("no " + wanted + " in " + answer);
        }
    }

    private static int freePort() throws SocketException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.situations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.totem.core.NodeHealth.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Each row of docs/SITUATIONS.md, made to happen, with what each surface says of it. */
class SituationsIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** What a machine under load adds. */
    private static final Set<Code> PASSING = EnumSet.of(Code.NO_RING, Code.STANDS_STILL);

    /** What forming a ring, and a machine under load, add. */
    private static final Set<String> USUAL =
            Set.of("foreign-ring", "token-lost", "member-silent", "commit-lost", "paused");

    /** A ring that is formed anew meanwhile, whyever, names them as a cause. */
    private static final String OF_REFUSED_FRAMES = "key-unknown";

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void isToldAsTheTableSays(Situation situation) throws Exception {
        try (Lab lab = new Lab(folder)) {
            Scene scene = new Scenes(lab).make(situation);
            assumeTrue(
                    scene.before().isEmpty() || "root".equals(System.getProperty("user.name")), "namespaces need root");
            if (scene.at().isPresent()) {
                Member member = scene.at().get();
                awaitAll(situation.says, lab, member);
                saysNothingElse(situation.says, member);
            } else {
                noNodeSays(situation.says, scene);
            }
            doctorSays(situation.says, scene);
        }
    }

    /** What is seen once is forgotten after a while, so all surfaces are looked at again and again. */
    private void awaitAll(Says says, Lab lab, Member member) {
        assertThat(says.isUp()).isTrue();
        List<String> missing = Flux.interval(Duration.ZERO, LOOK_EVERY)
                .onBackpressureDrop()
                .publishOn(Schedulers.boundedElastic(), 1)
                .map(tick -> missing(says, lab, member))
                .takeUntil(List::isEmpty)
                .take(LIMIT)
                .blockLast(LIMIT.multipliedBy(2));
        assertThat(missing).isEmpty();
    }

    private List<String> missing(Says says, Lab lab, Member member) {
        List<String> missing = new ArrayList<>();
        if (!member.codesSeen().containsAll(says.meanwhile())) {
            missing.add("health said " + member.codesSeen() + " and not " + says.meanwhile());
        }
        if (!Says.has(lab.log.lines(), says.log())) {
            missing.add("the log says " + lab.log.lines() + " and not: " + says.log());
        }
        missingInStatus(says, status(member), missing);
        // Each run leaves a connection until it is collected, and a console has few.
        if (missing.isEmpty()) {
            missingInExplain(says, Command.totem("explain " + member.address()), missing);
        }
        return missing;
    }

    private static void missingInStatus(Says says, JsonNode status, List<String> missing) {
        List<String> codes = texts(status.at("/health/reasons"), "code");
        if (!codes.equals(says.then().stream().map(Code::name).toList())) {
            missing.add("/status says " + status.get("health") + " and not " + says.then());
        }
        Set<String> kinds = kinds(status);
        if (!kinds.containsAll(says.causes())) {
            missing.add("/status has the causes " + kinds + " and not " + says.causes());
        }
        says.counts().stream()
                .filter(name -> status.at("/stats").path(name).asLong() == 0)
                .forEach(name -> missing.add("/status has not counted " + name));
    }

    private static void missingInExplain(Says says, Command explain, List<String> missing) {
        if (!Says.has(explain.out(), says.explain())) {
            missing.add("explain says " + explain + " and not: " + says.explain());
        }
        says.then().stream()
                .filter(code -> !Says.has(explain.out(), code.remedy()))
                .forEach(code -> missing.add("explain says " + explain + " and not the remedy of " + code));
    }

    private void saysNothingElse(Says says, Member member) {
        Set<Code> others = EnumSet.noneOf(Code.class);
        others.addAll(member.codesSeen());
        others.removeAll(PASSING);
        others.removeAll(says.meanwhile());
        others.removeAll(says.then());
        assertThat(others).isEmpty();
        Set<String> kinds = kinds(status(member));
        kinds.removeAll(says.causes());
        if (says.counts().stream().anyMatch(name -> name.startsWith("refused-"))) {
            kinds.remove(OF_REFUSED_FRAMES);
        }
        assertThat(USUAL).containsAll(kinds);
    }

    private static Set<String> kinds(JsonNode status) {
        Set<String> kinds = new TreeSet<>();
        status.at("/changes").forEach(change -> kinds.addAll(texts(change.path("causes"), "kind")));
        return kinds;
    }

    private static List<String> texts(JsonNode list, String field) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.path(field).asText()));
        return texts;
    }

    private JsonNode status(Member member) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + member.address() + "/status"))
                    .timeout(LIMIT)
                    .build();
            return new ObjectMapper()
                    .readTree(http.send(request, HttpResponse.BodyHandlers.ofString())
                            .body());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static void noNodeSays(Says says, Scene scene) throws Exception {
        assertThat(says.isUp()).isFalse();
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String address = "127.0.0.1:" + port;
        Command node = scene.node(address);
        assertThat(node.status()).isPositive();
        assertSays("stderr", node.err(), says.log());
        Command explain = Command.totem("explain " + address);
        assertThat(explain.status()).isEqualTo(1);
        assertSays("explain", explain.err(), says.explain());
    }

    private static void assertSays(String who, List<String> lines, String words) {
        assertThat(Says.has(lines, words))
                .as(() -> who + " says " + lines + " and not: " + words)
                .isTrue();
    }

    /** Beside a node its port is taken: by the node. */
    private static void doctorSays(Says says, Scene scene) throws Exception {
        Command doctor = scene.doctor();
        List<String> lines = new ArrayList<>(doctor.out());
        lines.addAll(doctor.err());
        if (scene.at().isPresent()) {
            lines.removeIf(line -> line.startsWith("bad port:"));
        }
        if (says.doctor().isEmpty()) {
            assertThat(lines).noneMatch(line -> line.startsWith("bad ")).anyMatch(line -> line.startsWith("ok "));
        } else {
            assertSays("doctor", lines, says.doctor());
        }
    }
}

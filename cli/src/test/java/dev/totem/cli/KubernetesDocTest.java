/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import picocli.CommandLine;

/** The manifests of {@code docs/KUBERNETES.md} can be read, fit together, and start the command that there is. */
class KubernetesDocTest {

    private static final Pattern BLOCK = Pattern.compile("(?s)```yaml\n(.*?)```");

    private final Map<String, List<Map<String, Object>>> manifests;

    KubernetesDocTest() throws IOException {
        List<Map<String, Object>> all = new ArrayList<>();
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        BLOCK.matcher(Files.readString(Path.of("../docs/KUBERNETES.md")))
                .results()
                .flatMap(block ->
                        StreamSupport.stream(yaml.loadAll(block.group(1)).spliterator(), false))
                .forEach(document -> all.add(map(document)));
        manifests = all.stream().collect(Collectors.groupingBy(manifest -> text(manifest, "kind")));
    }

    @Test
    void showsAServiceAndBothKindsOfPods() {
        assertThat(manifests.keySet())
                .containsExactlyInAnyOrder(
                        "Service", "StatefulSet", "Deployment", "PodDisruptionBudget", "NetworkPolicy");
        assertThat(manifests.values())
                .allSatisfy(some -> assertThat(some).allSatisfy(manifest -> {
                    assertThat(text(manifest, "apiVersion")).isNotEmpty();
                    assertThat(text(manifest, "metadata", "name")).isEqualTo("ring");
                }));
    }

    @Test
    void theServiceIsHeadlessAndNamesPodsBeforeTheyAreReady() {
        Map<String, Object> spec = map(only("Service").get("spec"));

        assertThat(spec).containsEntry("clusterIP", "None").containsEntry("publishNotReadyAddresses", true);
        assertThat(map(list(spec.get("ports")).get(0))).containsEntry("protocol", "UDP");
    }

    @Test
    void everythingIsForTheSamePodsAndTheSamePort() {
        Object port = map(list(at(only("Service"), "spec", "ports")).get(0)).get("port");
        for (String kind : List.of("StatefulSet", "Deployment")) {
            Object labels = at(only(kind), "spec", "template", "metadata", "labels");
            assertThat(at(only(kind), "spec", "selector", "matchLabels")).isEqualTo(labels);
            assertThat(at(only("Service"), "spec", "selector")).isEqualTo(labels);
            assertThat(at(only("PodDisruptionBudget"), "spec", "selector", "matchLabels"))
                    .isEqualTo(labels);
            assertThat(at(only("NetworkPolicy"), "spec", "podSelector", "matchLabels"))
                    .isEqualTo(labels);
            Map<String, Object> container = container(kind);
            assertThat(map(list(container.get("ports")).get(0))).containsEntry("containerPort", port);
            assertThat(strings(container.get("args"))).contains("--bind=*:" + port, "--discover=dns:ring");
        }
        assertThat(at(only("StatefulSet"), "spec", "serviceName")).isEqualTo("ring");
    }

    @Test
    void theKeyIsASecretThatTheGroupOfTheProcessMayRead() {
        for (String kind : List.of("StatefulSet", "Deployment")) {
            Map<String, Object> pod = map(at(only(kind), "spec", "template", "spec"));
            Map<String, Object> volume = map(list(pod.get("volumes")).get(0));
            assertThat(at(volume, "secret", "defaultMode")).isEqualTo(0440);
            assertThat(at(pod, "securityContext", "fsGroup")).isNotNull();
            Map<String, Object> mount =
                    map(list(container(kind).get("volumeMounts")).get(0));
            assertThat(mount.get("name")).isEqualTo(volume.get("name"));
            assertThat(strings(container(kind).get("args")))
                    .contains("--key-group", "--key=" + mount.get("mountPath") + "/key");
        }
    }

    @Test
    void thePodHasLongerToEndThanTheNodeTakes() {
        for (String kind : List.of("StatefulSet", "Deployment")) {
            assertThat((Integer) at(only(kind), "spec", "template", "spec", "terminationGracePeriodSeconds"))
                    .isGreaterThanOrEqualTo(10);
        }
    }

    @Test
    void theCommandTakesTheArguments() {
        for (String kind : List.of("StatefulSet", "Deployment")) {
            List<String> arguments = strings(container(kind).get("args"));

            CommandLine.ParseResult parsed = TotemCommand.commandLine().parseArgs(arguments.toArray(String[]::new));

            NodeCommand node = (NodeCommand) parsed.subcommand().commandSpec().userObject();
            assertThat(node.node.discover)
                    .singleElement()
                    .satisfies(where -> assertThat(Discoveries.parse(where, node.node.bind.port())
                                    .toString())
                            .contains("ring"));
            assertThat(node.node.id).isEqualTo("auto");
            assertThat(node.node.keyGroup).isTrue();
        }
    }

    private Map<String, Object> container(String kind) {
        return map(
                list(at(only(kind), "spec", "template", "spec", "containers")).get(0));
    }

    private Map<String, Object> only(String kind) {
        List<Map<String, Object>> some = manifests.getOrDefault(kind, List.of());
        assertThat(some).as(kind).hasSize(1);
        return some.get(0);
    }

    private static Object at(Map<String, Object> from, String... path) {
        Object found = from;
        for (String name : path) {
            found = map(found).get(name);
            assertThat(found).as(String.join(".", path)).isNotNull();
        }
        return found;
    }

    private static String text(Map<String, Object> from, String... path) {
        return String.valueOf(at(from, path));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        assertThat(value).isInstanceOf(Map.class);
        return (Map<String, Object>) value;
    }

    private static List<?> list(Object value) {
        assertThat(value).isInstanceOf(List.class);
        return (List<?>) value;
    }

    private static List<String> strings(Object value) {
        return list(value).stream().map(String::valueOf).toList();
    }
}

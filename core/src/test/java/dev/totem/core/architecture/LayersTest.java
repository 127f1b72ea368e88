/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The package order of core and what its protocol packages must not touch.
 *
 * <p>A new package gets its line in {@link #IMPORTS}: which packages of core it may import, besides itself.
 */
class LayersTest {

    private static final String ROOT = "dev.totem.core";

    /** What is not for users; its packages are layers as if they stood right in {@link #ROOT}. */
    private static final String INTERNAL = "internal.";

    /** The API: the classes right in {@link #ROOT}. */
    private static final String API = "";

    /** From low to high; each may import all before it. */
    private static final List<String> CHAIN = List.of(
            API, "settings", "message", "packing", "ordering", "membership", "protocol", "group", "rekey", "node");

    private static final Map<String, Set<String>> IMPORTS = imports();

    private static final List<String> SANS_IO =
            List.of("settings", "message", "packing", "ordering", "membership", "protocol", "group", "rekey", "wire");

    /** The packages within node, from low to high; each may import all before it. The last is node itself. */
    private static final List<String> NODE_CHAIN =
            List.of("environment", "observe", "crossing", "send", "deliver", "keys", "close", "loop", "");

    private static final String NODE = ROOT + "." + INTERNAL + "node";

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    private static Map<String, Set<String>> imports() {
        Map<String, Set<String>> imports = new LinkedHashMap<>();
        for (int i = 0; i < CHAIN.size(); i++) {
            imports.put(CHAIN.get(i), Set.copyOf(CHAIN.subList(0, i)));
        }
        imports.put("wire", Set.of(API, "settings", "message"));
        imports.put("message", Set.of(API, "settings"));
        imports.put("rekey", Set.of(API, "group"));
        imports.put("spi", Set.of(API));
        imports.put("link", Set.of(API, "spi"));
        imports.computeIfPresent("node", (layer, lower) -> and(lower, "wire", "spi"));
        return imports;
    }

    private static Set<String> and(Set<String> some, String... more) {
        return Stream.concat(some.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
    }

    @TestFactory
    Stream<DynamicTest> importsOnlyLowerPackages() {
        return IMPORTS.entrySet().stream().map(entry -> {
            String layer = entry.getKey();
            Set<String> allowed = entry.getValue();
            ArchRule rule = noClasses()
                    .that(are("in " + name(layer), type -> layerOf(type).equals(layer)))
                    .should()
                    .dependOnClassesThat(are(
                            "in a package of core other than " + names(allowed),
                            type -> inCore(type) && !layerOf(type).equals(layer) && !allowed.contains(layerOf(type))))
                    .because("lower packages never import higher ones");
            return DynamicTest.dynamicTest(name(layer), () -> check(rule));
        });
    }

    @TestFactory
    Stream<DynamicTest> withinNodeToo() {
        return NODE_CHAIN.stream().map(part -> {
            List<String> allowed = NODE_CHAIN.subList(0, NODE_CHAIN.indexOf(part) + 1);
            ArchRule rule = noClasses()
                    .that(are(
                            "in node " + part,
                            type -> inNode(type) && partOf(type).equals(part)))
                    .should()
                    .dependOnClassesThat(are(
                            "in a part of node other than " + allowed,
                            type -> inNode(type) && !allowed.contains(partOf(type))))
                    .because("lower parts never import higher ones");
            return DynamicTest.dynamicTest(part.isEmpty() ? "node" : part, () -> check(rule));
        });
    }

    @Test
    void everyPartOfNodeHasAPlaceInTheOrder() {
        assertThat(CORE.stream()
                        .filter(LayersTest::inNode)
                        .map(LayersTest::partOf)
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(NODE_CHAIN);
    }

    @Test
    void everyPackageHasAPlaceInTheOrder() {
        assertThat(packagesWithClasses().map(JavaPackage::getName).map(LayersTest::layer))
                .allSatisfy(layer -> assertThat(IMPORTS).containsKey(layer));
    }

    @Test
    void usersSeeTheApiAndTheServiceInterfacesOnly() {
        assertThat(packagesWithClasses().map(JavaPackage::getName))
                .allMatch(name ->
                        name.equals(ROOT) || name.equals(ROOT + ".spi") || name.startsWith(ROOT + "." + INTERNAL));
    }

    @Test
    void everyPackageHasAPackageInfo() {
        assertThat(packagesWithClasses())
                .allSatisfy(javaPackage -> assertThat(javaPackage.tryGetPackageInfo())
                        .as("package-info.java of " + javaPackage.getName())
                        .isPresent());
    }

    @Test
    void protocolPackagesKnowNoThreadsStreamsSocketsOrLoggers() {
        check(noClasses()
                .that(areSansIo())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "reactor..",
                        "org.reactivestreams..",
                        "java.util.concurrent..",
                        "java.util.logging..",
                        "java.net..",
                        "java.nio.channels..",
                        "java.nio.file..",
                        "org.slf4j..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Thread.class, ThreadLocal.class, java.util.Timer.class)
                .because("the node's loop owns threads, streams, sockets and logs"));
    }

    @Test
    void protocolPackagesTakeTimeAsAnArgument() {
        check(noClasses()
                .that(areSansIo())
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(java.time.Clock.class)
                .because("time is an argument"));
    }

    @Test
    void protocolPackagesTakeChanceAsAnArgument() {
        check(noClasses()
                .that(areSansIo())
                .should()
                .callConstructor(Random.class)
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(java.security.SecureRandom.class, java.util.SplittableRandom.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .orShould()
                .callMethodWhere(are(
                        "a factory of RandomGenerator",
                        call -> call.getTargetOwner().isEquivalentTo(java.util.random.RandomGenerator.class)
                                && List.of("of", "getDefault").contains(call.getName())))
                .because("chance is an injected RandomGenerator, so that a seed replays a run"));
    }

    @Test
    void protocolPackagesIterateInADefinedOrder() {
        check(noClasses()
                .that(areSansIo())
                .should()
                .dependOnClassesThat(are(
                        "HashMap, HashSet or IdentityHashMap",
                        type -> type.isEquivalentTo(HashMap.class)
                                || type.isEquivalentTo(HashSet.class)
                                || type.isEquivalentTo(java.util.IdentityHashMap.class)))
                .because("the order of their elements is not the same in every run"));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CORE);
    }

    private static Stream<JavaPackage> packagesWithClasses() {
        return CORE.stream().map(JavaClass::getPackage).distinct().sorted(Comparator.comparing(JavaPackage::getName));
    }

    private static DescribedPredicate<JavaClass> areSansIo() {
        return are("in a protocol package", type -> SANS_IO.contains(layerOf(type)));
    }

    private static boolean inNode(JavaClass type) {
        return layerOf(type).equals("node");
    }

    private static String partOf(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(NODE) ? "" : name.substring(NODE.length() + 1);
    }

    private static boolean inCore(JavaClass type) {
        return type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + ".");
    }

    private static String layerOf(JavaClass type) {
        return layer(type.getPackageName());
    }

    /** The first part of a package's name after {@link #ROOT}: a subpackage belongs to the layer of its parent. */
    private static String layer(String packageName) {
        if (packageName.equals(ROOT) || !packageName.startsWith(ROOT + ".")) {
            return API;
        }
        String below = packageName.substring(ROOT.length() + 1);
        if (below.startsWith(INTERNAL)) {
            below = below.substring(INTERNAL.length());
        }
        int dot = below.indexOf('.');
        return dot < 0 ? below : below.substring(0, dot);
    }

    private static String name(String layer) {
        return layer.equals(API) ? "the API" : layer;
    }

    private static String names(Set<String> layers) {
        return layers.stream().map(LayersTest::name).sorted().collect(Collectors.joining(", ", "[", "]"));
    }

    private static <T> DescribedPredicate<T> are(String description, java.util.function.Predicate<? super T> test) {
        return DescribedPredicate.describe(description, test);
    }
}

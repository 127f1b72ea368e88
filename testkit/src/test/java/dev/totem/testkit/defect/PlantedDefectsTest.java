/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.totem.testkit.defect.PlantedDefect.Caught;
import dev.totem.testkit.defect.PlantedDefect.Edit;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.LoggerFactory;

/**
 * Does the proof catch anything? Every defect of the {@link Catalogue} is planted in the production code, and simulated runs
 * violate the property that the catalogue names within a bounded number of seeds.
 *
 * <p>{@code -Dtotem.defect=PART-OF-A-NAME} plants those only. {@code -Dtotem.defect.seeds=N} measures instead: it runs N
 * seeds of the campaign of each, and prints how many of them violate what.
 */
class PlantedDefectsTest {

    private static final String SELECTION = System.getProperty("totem.defect", "");
    private static final int MEASURED_SEEDS = Integer.getInteger("totem.defect.seeds", 0);
    private static final Logger NODES = (Logger) LoggerFactory.getLogger("dev.totem.node");
    private static final ExecutorService WORKERS =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());

    @BeforeAll
    static void letNodesStopThemselvesQuietly() {
        NODES.setLevel(Level.OFF);
    }

    @AfterAll
    static void end() {
        WORKERS.shutdownNow();
        NODES.setLevel(null);
    }

    @TestFactory
    Stream<DynamicTest> violatesNothingAsItIs() {
        Map<Campaign, SortedSet<Long>> seeds = new EnumMap<>(Campaign.class);
        planted()
                .map(PlantedDefect::caught)
                .forEach(caught -> seeds.computeIfAbsent(caught.campaign(), campaign -> new TreeSet<>())
                        .addAll(caught.seeds().boxed().toList()));
        return started(seeds.keySet().stream(), Campaign::name, campaign -> {
            BiFunction<String, Long, Map<String, String>> run = CodeUnderTest.unedited();
            seeds.get(campaign)
                    .forEach(seed -> assertThat(run.apply(campaign.name(), seed))
                            .as("seed " + seed)
                            .isEmpty());
        });
    }

    @TestFactory
    Stream<DynamicTest> catchesEveryPlantedDefect() {
        return started(
                planted(),
                PlantedDefect::name,
                MEASURED_SEEDS > 0 ? PlantedDefectsTest::measure : PlantedDefectsTest::isCaught);
    }

    private static void isCaught(PlantedDefect defect) {
        Caught caught = defect.caught();
        BiFunction<String, Long, Map<String, String>> run = CodeUnderTest.with(defect.edit());
        SortedSet<String> others = new TreeSet<>();
        for (long seed : caught.seeds().toArray()) {
            Map<String, String> violated = run.apply(caught.campaign().name(), seed);
            others.addAll(violated.keySet());
            if (violated.containsKey(caught.property())) {
                others.remove(caught.property());
                System.out.printf(
                        "%s: caught by %s, %s seed %d%s%n",
                        defect.name(),
                        caught.property(),
                        caught.campaign(),
                        seed,
                        others.isEmpty() ? "" : ", also " + others);
                return;
            }
        }
        throw new AssertionError(defect + " survives; violated was " + others);
    }

    private static void measure(PlantedDefect defect) {
        BiFunction<String, Long, Map<String, String>> run = CodeUnderTest.with(defect.edit());
        Map<String, Integer> counts = new TreeMap<>();
        int caught = 0;
        for (long seed = 1; seed <= MEASURED_SEEDS; seed++) {
            Map<String, String> violated = run.apply(defect.caught().campaign().name(), seed);
            violated.keySet().forEach(property -> counts.merge(property, 1, Integer::sum));
            caught += violated.isEmpty() ? 0 : 1;
        }
        System.out.printf("%s %d of %d | %s%n", defect.row(), caught, MEASURED_SEEDS, counts);
    }

    @Test
    void saysWhichTextIsGone() {
        Edit gone = new Edit("ordering/AruRule", "no such text", "");
        Edit twice = new Edit("ordering/AruRule", "ownAru", "");

        assertThatThrownBy(() -> CodeUnderTest.with(gone)).hasMessageContaining("occurs 0 times in ordering/AruRule");
        assertThatThrownBy(() -> CodeUnderTest.with(twice)).hasMessageContaining("and has to occur once");
    }

    @Test
    void isListedInTheDocumentation() throws IOException {
        List<String> rows;
        try (Stream<String> lines = Files.lines(CodeUnderTest.project().resolve("docs/PROOF.md"))) {
            rows = lines.dropWhile(line -> !line.startsWith("| planted defect |"))
                    .skip(2)
                    .takeWhile(line -> line.startsWith("|"))
                    .toList();
        }

        assertThat(rows)
                .isEqualTo(Catalogue.ALL.stream().map(PlantedDefect::row).toList());
    }

    private static Stream<PlantedDefect> planted() {
        return Catalogue.ALL.stream().filter(defect -> defect.name().contains(SELECTION));
    }

    /** Starts all checks at once, as many at a time as there are processors, and makes a test of each. */
    private static <T> Stream<DynamicTest> started(Stream<T> subjects, Function<T, String> name, Consumer<T> check) {
        List<DynamicTest> tests = new ArrayList<>();
        subjects.forEach(subject -> {
            Future<?> running = WORKERS.submit(() -> check.accept(subject));
            tests.add(DynamicTest.dynamicTest(name.apply(subject), running::get));
        });
        return tests.stream();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Holds matches: pair by pair, ours first. One thread, but for {@link #close}. */
public final class Bench implements AutoCloseable {

    private final Site site;
    private final Consumer<String> progress;
    private final Path folder;
    private final ClusterRun cluster = new ClusterRun();

    /**
     * A bench without matches yet.
     *
     * @param site closed with this
     * @param progress is told what is going on, a line at a time
     */
    public Bench(Site site, Consumer<String> progress) throws IOException {
        this.site = site;
        this.progress = progress;
        this.folder = Files.createTempDirectory("totem-bench");
    }

    /**
     * Holds a match; a run that fails is part of it.
     *
     * @param title what the progress calls it
     * @param peer null for ours alone
     */
    public Match match(String title, RunSpec work, int pairs, Contestant ours, @Nullable Contestant peer)
            throws IOException, InterruptedException {
        Optional<String> obstacle = peer == null ? Optional.empty() : peer.obstacle();
        obstacle.ifPresent(why -> progress.accept(why));
        List<Outcome> own = new ArrayList<>();
        List<Outcome> others = new ArrayList<>();
        for (int pair = 1; pair <= pairs; pair++) {
            String where = title + ", " + pair + " of " + pairs + ": ";
            own.add(run(where, work, ours));
            if (peer != null) {
                others.add(obstacle.isPresent() ? Outcome.failed(obstacle.get()) : run(where, work, peer));
            }
        }
        return new Match(
                work,
                new Side(ours.name(), ours.nodes(), own),
                peer == null ? null : new Side(peer.name(), peer.nodes(), others));
    }

    private Outcome run(String where, RunSpec work, Contestant contestant) throws IOException, InterruptedException {
        progress.accept(where + contestant.name() + " …");
        Path own = Files.createTempDirectory(folder, "run");
        try {
            Outcome outcome = cluster.run(contestant, work, site, own);
            progress.accept(where + contestant.name() + ": " + said(outcome));
            return outcome;
        } finally {
            delete(own);
        }
    }

    private static String said(Outcome outcome) {
        Figures figures = outcome.figures();
        if (figures == null) {
            return "failed: " + outcome.failure();
        }
        Double p50 = figures.p50Micros();
        return String.format(
                        Locale.ROOT,
                        "%,.0f messages/s, %.2f µs of CPU a delivery",
                        figures.messagesPerSecond(),
                        figures.cpuMicros())
                + (p50 == null ? "" : String.format(Locale.ROOT, ", p50 %.2f ms", p50 / 1e3));
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Override
    public void close() {
        cluster.close();
        site.close();
        try {
            delete(folder);
        } catch (IOException busy) {
            progress.accept("left behind: " + folder);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import dev.totem.cli.TotemCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code totem watch HOST:PORT}. Main thread only. */
@Command(
        name = "watch",
        description = "Shows a running node in this terminal until q is pressed; elsewhere a line for each change.",
        mixinStandardHelpOptions = true,
        versionProvider = TotemCommand.Version.class)
public final class WatchCommand implements Callable<Integer> {

    /** How late a key, a new size or a reader that has gone may be noticed. */
    private static final Duration TICK = Duration.ofMillis(100);

    /** The size is asked of another process. */
    private static final Duration SIZE_AGE_MAX = Duration.ofMillis(500);

    private static final String END_KEYS = "qQ\u0003\u0004";

    @Spec
    CommandSpec spec;

    @Mixin
    AskedNode asked;

    @Option(names = "--no-color", description = "without colours, as with the environment variable NO_COLOR")
    boolean noColor;

    /** Picocli makes it. */
    public WatchCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Moments moments = new Moments(ZoneId.systemDefault());
        Optional<Terminal> taken = Terminal.take();
        try (NodeWatch watch = new NodeWatch(asked.http())) {
            if (taken.isEmpty()) {
                print(watch, moments);
            } else {
                try (Terminal terminal = taken.get()) {
                    show(watch, terminal, moments);
                }
            }
        }
        return 0;
    }

    /** Ends when nobody reads any more, or by a signal. */
    private void print(NodeWatch watch, Moments moments) throws InterruptedException {
        ChangeLines changes = new ChangeLines(moments);
        PrintWriter out = spec.commandLine().getOut();
        try (OutputReader reader = OutputReader.watch()) {
            while (!reader.isGone() && !out.checkError()) {
                Optional<NodeWatch.News> news = watch.next(TICK);
                news.map(each -> each instanceof NodeWatch.News.Seen seen
                                ? changes.of(seen.status())
                                : changes.gone(((NodeWatch.News.Gone) each).why(), System.currentTimeMillis()))
                        .orElse(List.of())
                        .forEach(out::println);
            }
        }
    }

    private void show(NodeWatch watch, Terminal terminal, Moments moments) throws IOException, InterruptedException {
        boolean isColoured = !noColor && System.getenv("NO_COLOR") == null && Ansi.AUTO.enabled();
        History history = History.empty();
        Terminal.Size size = terminal.size();
        long sizedNanos = System.nanoTime();
        boolean isChanged = true;
        while (!terminal.isPressed(END_KEYS)) {
            if (isChanged) {
                terminal.draw(new Screen(size.width(), size.height(), isColoured, moments).lines(history));
            }
            Optional<NodeWatch.News> news = watch.next(TICK);
            isChanged = news.isPresent();
            if (news.isPresent()) {
                history = news.get() instanceof NodeWatch.News.Seen seen
                        ? history.with(seen.status())
                        : history.without(((NodeWatch.News.Gone) news.get()).why());
            }
            if (System.nanoTime() - sizedNanos >= SIZE_AGE_MAX.toNanos()) {
                Terminal.Size now = terminal.size();
                isChanged |= !now.equals(size);
                size = now;
                sizedNanos = System.nanoTime();
            }
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.totem.core.ConfigChange;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.Quorum;
import dev.totem.core.Settings;
import dev.totem.testkit.TestRing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** What the page shows of a ring, in a browser; where there is none, this is skipped and says so. */
class BrowserIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    /** Less than 100 B of each of the 3,600 events of an hour. */
    private static final long HEAP_GROWTH_MAX = 360_000;

    private static final String TOKEN_PLACE =
            "document.getElementById('token').getAttribute('cx') + ' ' + document.getElementById('token').getAttribute('cy')";

    /** Of what is written to what it is written on, as WCAG says. */
    private static final String CONTRAST = """
            (() => {
              const light = color => color.match(/[0-9.]+/g).slice(0, 3).map(one => one / 255)
                  .map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
                  .reduce((sum, one, i) => sum + one * [0.2126, 0.7152, 0.0722][i], 0);
              const behind = one => one === null ? 'rgb(255, 255, 255)'
                  : getComputedStyle(one).backgroundColor === 'rgba(0, 0, 0, 0)' ? behind(one.parentElement)
                  : getComputedStyle(one).backgroundColor;
              return Math.min(...[...document.querySelectorAll('p, li, dt, dd, td, th, h1, h2, button, #state')].map(one => {
                const [a, b] = [light(getComputedStyle(one).color), light(behind(one))].sort((x, y) => x - y);
                return (b + 0.05) / (a + 0.05);
              }));
            })()""";

    /** Pictures for the documents, in target. */
    private static final Path PICTURES = Path.of("target", "pictures");

    @TempDir
    Path folder;

    private TestRing ring;
    private Browser browser;

    @BeforeEach
    void starts() throws Exception {
        assumeTrue(Browser.program().isPresent(), "needs Chromium");
        ring = TestRing.of(
                3,
                settings -> settings.set(Settings.QUORUM, Quorum.majority(3).toString())
                        .set(Settings.CLUSTER_NAME, "lab"));
        ring.awaitOneRing().block(SOON);
        browser = new Browser(Browser.program().orElseThrow(), folder);
    }

    @AfterEach
    void ends() {
        if (browser != null) {
            browser.close();
        }
        if (ring != null) {
            ring.close();
        }
    }

    private TotemConsole show(int node) {
        return Objects.requireNonNull(TotemConsole.on(ring.node(node))
                .pace(new ConsolePlan.Pace(Duration.ofMillis(250), SOON))
                .start()
                .block(SOON));
    }

    private Disposable load() {
        EvsHandle handle = ring.node(2).openHandle();
        handle.join("g").block(SOON);
        Flux<Message> messages = Flux.interval(Duration.ofMillis(2))
                .onBackpressureDrop()
                .map(i -> Message.to("g").payload(new byte[100]));
        return handle.sendAll(messages).subscribe(position -> {}, ended -> {});
    }

    @Test
    void aPartitionIsMadeAndHealedWhileItIsOpen() throws Exception {
        TotemConsole console = show(1);
        Disposable load = load();
        browser.open(console.url(), 1_200, 900);
        browser.await("#state", "ready"::equals);
        browser.await("#ring-words", text -> text.endsWith(" of nodes 1 to 3."));
        browser.await("#reasons", text -> text.contains("Nothing is wrong"));
        browser.await("#chart-now-0", text -> text.matches("[1-9][0-9.,K]*/s"));
        browser.await("#groups-words", "1 group with members."::equals);
        browser.await("#groups", text -> text.contains("g") && text.contains("1 member"));
        browser.await("#order-words", text -> text.matches("Highest number [1-9][0-9,]*: .*"));
        browser.await("#order tr:nth-child(2)", text -> text.matches("2[1-9][0-9,]*"));
        browser.await("#order tr:nth-child(3)", text -> text.startsWith("3"));
        String place = browser.value(TOKEN_PLACE).textValue();
        browser.await("#rotations", text -> text.endsWith(" rotations/s"));
        assertThat(browser.value("document.querySelectorAll('#ring circle.member, #ring circle.own').length")
                        .intValue())
                .isEqualTo(3);

        ring.partition(1);

        browser.await("#state", "not ready"::equals);
        browser.await("#reasons", text -> text.contains("NOT_PRIMARY") && text.contains("until the votes suffice"));
        browser.await("#ring-words", text -> text.contains(" of node 1, not primary. No longer in it: nodes 2, 3."));
        browser.await("#changes", text -> text.contains("nodes 2, 3 left"));
        browser.await("#changes", text -> text.contains("because:") && text.contains("not heard at node 1"));
        assertThat(browser.value("document.querySelectorAll('#ring circle.gone').length")
                        .intValue())
                .isEqualTo(2);
        browser.picture(PICTURES.resolve("console-cut-off.png"));

        ring.heal();

        browser.await("#state", "ready"::equals);
        browser.await("#changes", text -> text.contains("nodes 2, 3 joined"));
        assertThat(browser.value(TOKEN_PLACE).textValue()).isNotEqualTo(place);
        browser.size(1_100, 1_560);
        browser.await("#changes", text -> text.contains("nodes 2, 3 joined"));
        browser.picture(PICTURES.resolve("console.png"));
        load.dispose();
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).isNotEmpty().allMatch(url -> url.startsWith(console.url()));
        console.close().block(SOON);
    }

    @Test
    void saysThatTheNodeHasLeft() {
        TotemConsole console = show(1);
        browser.open(console.url(), 1_200, 900);
        browser.await("#state", "ready"::equals);

        ring.node(1).leave().subscribe(nothing -> {}, failed -> {});

        browser.await("#state", "not live, not connected"::equals);
        browser.await("#reasons", text -> text.contains("CLOSED"));
        console.close().block(SOON);
    }

    @Test
    void isUsedByKeyboard() {
        TotemConsole console = show(1);
        browser.open(console.url(), 1_200, 900);
        browser.await("#state", "ready"::equals);

        browser.key("Tab", 9);
        assertThat(browser.text(":focus")).isEqualTo("To the content");
        browser.key("Tab", 9);
        assertThat(browser.text(":focus")).isEqualTo("Pause");
        browser.key("Enter", 13);
        assertThat(browser.value("document.activeElement.getAttribute('aria-pressed')")
                        .textValue())
                .isEqualTo("true");
        browser.key("Enter", 13);
        for (String region : List.of("order-title", "changes-title")) {
            browser.key("Tab", 9);
            assertThat(browser.value("document.activeElement.getAttribute('aria-labelledby')")
                            .textValue())
                    .isEqualTo(region);
        }
        do { // a ring that changed for many reasons has more to unfold
            browser.key("Tab", 9);
        } while (browser.text(":focus").matches("and \\d+ more"));
        assertThat(browser.text(":focus")).isEqualTo("All of them");
        browser.key("Enter", 13);
        browser.await("#all", text -> text.contains("rotation-nanos") && text.contains("members"));
        assertThat(browser.complaints()).isEmpty();
        console.close().block(SOON);
    }

    @Test
    void fitsANarrowScreen() throws Exception {
        TotemConsole console = show(1);
        browser.open(console.url(), 320, 700);
        browser.await("#state", "ready"::equals);
        browser.await("#changes", text -> text.contains("Ring"));

        assertThat(browser.value("document.documentElement.scrollWidth").intValue())
                .isLessThanOrEqualTo(320);
        browser.picture(PICTURES.resolve("console-narrow.png"));
        console.close().block(SOON);
    }

    @Test
    void showsSixteenMembersInLightAndDark() throws Exception {
        ring.close();
        ring = TestRing.of(16, settings -> settings.set(Settings.CLUSTER_NAME, "orders"));
        ring.awaitOneRing().block(SOON);
        TotemConsole console = show(1);
        Disposable load = load();
        browser.open(console.url(), 1_100, 900);
        browser.await("#ring-words", text -> text.endsWith(" of nodes 1 to 16."));

        ring.partition(7, 11);

        browser.await(
                "#ring-words",
                text -> text.endsWith(" of nodes 1 to 6, 8 to 10, 12 to 16. No longer in it: nodes 7, 11."));
        browser.await("#chart-now-0", text -> text.matches("[1-9][0-9.,K]*/s"));
        assertThat(browser.value("document.querySelectorAll('#ring circle.gone').length")
                        .intValue())
                .isEqualTo(2);
        for (String scheme : List.of("light", "dark")) {
            browser.scheme(scheme);
            assertThat(browser.value(CONTRAST).doubleValue()).as(scheme).isGreaterThan(4.5);
            browser.picture(PICTURES.resolve("console-sixteen-" + scheme + ".png"));
        }
        assertThat(browser.value("document.documentElement.scrollWidth").intValue())
                .isLessThanOrEqualTo(1_100);
        load.dispose();
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).isNotEmpty().allMatch(url -> url.startsWith(console.url()));
        console.close().block(SOON);
    }

    /** An hour by the clock of the node, which goes on by a second with each event; four configurations come in each minute of it. */
    @Test
    void anHourDoesNotMakeItGrow() {
        AtomicLong clock = new AtomicLong(1_000_000);
        SeenChanges changes = new SeenChanges(clock::get);
        ConfigChange some = Objects.requireNonNull(
                ring.node(1).openHandle().events().ofType(ConfigChange.class).blockFirst(SOON));
        Disposable following = Flux.interval(Duration.ofMillis(5))
                .onBackpressureDrop()
                .map(tick -> clock.get() / 15_000)
                .distinctUntilChanged()
                .subscribe(quarter -> changes.add(some));
        StatusDocument status = new StatusDocument(ring.node(1), changes, () -> clock.addAndGet(1_000));
        StatusEvents events = new StatusEvents(ring.node(1), status, Duration.ofMillis(4), Schedulers.parallel());
        Routes routes = new Routes(new HostNames(Set.of()), new ReaderPlaces(4));
        routes.show(new Routes.Shown(ring.node(1), status, events));
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle(routes::answer)
                .bindNow(SOON);
        browser.open("http://127.0.0.1:" + server.port() + "/", 1_200, 900);
        await(() -> clock.get() > Duration.ofMinutes(30).toMillis());
        browser.await("#chart-from-0", "the last 10 minutes"::equals);
        await(() -> changes.list().size() == SeenChanges.CHANGES_MAX);
        browser.await("#changes > li:nth-child(" + SeenChanges.CHANGES_MAX + ")", text -> !text.isEmpty());
        int elements = browser.value("document.querySelectorAll('*').length").intValue();
        long heap = browser.heap();
        long full = clock.get();

        await(() -> clock.get() - full > Duration.ofHours(1).toMillis());

        browser.await("#chart-from-0", "the last 10 minutes"::equals);
        assertThat(browser.value("document.querySelectorAll('*').length").intValue())
                .isEqualTo(elements);
        assertThat(browser.value("Math.max(...[...document.querySelectorAll('.charts path')].map("
                                + "one => (one.getAttribute('d') ?? '').length))")
                        .intValue())
                .isBetween(1_000, 20 * 600);
        assertThat(browser.heap() - heap).as("bytes after an hour").isLessThan(HEAP_GROWTH_MAX);
        assertThat(browser.complaints()).isEmpty();
        following.dispose();
        server.disposeNow(SOON);
    }

    private static void await(BooleanSupplier isSo) {
        Flux.interval(Duration.ofMillis(20))
                .onBackpressureDrop()
                .filter(tick -> isSo.getAsBoolean())
                .next()
                .block(Duration.ofMinutes(5));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three instances in three tabs of a browser; where there is none, this is skipped and says so. Leaves pictures in target. */
class BoardIT {

    private static final Path PICTURES = Path.of("target", "pictures");

    @TempDir
    Path folder;

    private Boards boards;
    private Browser browser;
    private final List<Tab> tabs = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Browser.program().isPresent(), "needs Chromium");
        boards = new Boards();
        browser = new Browser(Browser.program().orElseThrow(), folder);
        for (int node = 1; node <= 3; node++) {
            Tab tab = browser.open(boards.url(node), 1_100, 760);
            String own = "as instance " + node + " has it";
            tab.await("#here", own::equals);
            tab.await("body[data-writable=true] #nodes", text -> text.contains("leads"));
            tabs.add(tab);
        }
    }

    @AfterEach
    void end() {
        if (browser != null) {
            browser.close();
        }
        if (boards != null) {
            boards.close();
        }
    }

    private Tab tab(int node) {
        return tabs.get(node - 1);
    }

    private static String card(String text) {
        return "li[data-text=\"" + text + "\"]";
    }

    private static void add(Tab tab, String text) {
        tab.value("document.getElementById('text').focus()");
        tab.type(text);
        tab.key("Enter", 13);
        tab.await(card(text), shown -> true);
    }

    private void awaitEverywhere(String selector, String beginning) {
        tabs.forEach(tab -> tab.await(selector, text -> text.startsWith(beginning)));
    }

    @Test
    void whatOneChangesAllSee() {
        add(tab(1), "water the plants");
        awaitEverywhere("[data-lane=TODO] " + card("water the plants"), "water the plants");

        tab(2).click(card("water the plants") + " .on");
        awaitEverywhere("[data-lane=DOING] " + card("water the plants") + " .by", "by instance 2");

        tab(3).click(card("water the plants") + " .edit");
        tab(3).value("document.activeElement.select()");
        tab(3).type("water all plants");
        tab(3).key("Enter", 13);
        awaitEverywhere("[data-lane=DOING] " + card("water all plants") + " .by", "by instance 3");
        tabs.forEach(tab -> tab.awaitNone(card("water the plants")));

        tab(1).click(card("water all plants") + " .remove");
        tabs.forEach(tab -> tab.awaitNone(card("water all plants")));
        awaitEverywhere("[data-lane=DOING] .count", "0");
        for (int node = 1; node <= 3; node++) {
            String own = boards.url(node);
            assertThat(tab(node).complaints()).isEmpty();
            assertThat(tab(node).requests()).isNotEmpty().allMatch(url -> url.startsWith(own));
        }
    }

    @Test
    void aPartWithoutAMajorityShowsWhatItHasAndChangesNothingUntilItIsBack() {
        for (String text : List.of("book the room", "send the invitations", "order the cake")) {
            add(tab(1), text);
        }
        tab(1).click(card("book the room") + " .on");
        awaitEverywhere("[data-lane=DOING] " + card("book the room"), "book the room");

        boards.ring.partition(3);

        tab(3).await("#banner[data-kind=bad]", text -> text.startsWith("Cut off: this instance is alone"));
        tab(1).await("#banner[data-kind=info]", text -> text.startsWith("Instance 3 is away."));
        tab(1).await("#nodes [data-leads]", text -> !text.contains("3"));
        add(tab(1), "find a band");
        tab(2).await(card("find a band"), text -> true);
        tab(2).click(card("book the room") + " .on");
        tab(1).await("[data-lane=DONE] " + card("book the room"), text -> true);
        tab(3).value("document.getElementById('text').focus()");
        tab(3).type("cancel it all");
        tab(3).key("Enter", 13);
        tab(3).await("#told", text -> text.startsWith("Nothing has changed"));
        tab(3).awaitNone(card("find a band"));
        tab(3).await("[data-lane=DOING] " + card("book the room"), text -> true);
        tab(1).picture(PICTURES.resolve("majority.png"));
        tab(3).picture(PICTURES.resolve("minority.png"));
        tab(3).scheme("dark");
        tab(3).picture(PICTURES.resolve("minority-dark.png"));

        boards.ring.heal();

        tab(3).await("#told", text -> text.startsWith("Together again"));
        tab(3).await("[data-lane=TODO] " + card("find a band"), text -> true);
        tab(3).await("[data-lane=DONE] " + card("book the room"), text -> true);
        tabs.forEach(tab -> tab.awaitNone("#banner"));
        tabs.forEach(tab -> tab.awaitNone(card("cancel it all")));
        tab(3).click(card("order the cake") + " .on");
        awaitEverywhere("[data-lane=DOING] " + card("order the cake") + " .by", "by instance 3");
        tab(2).picture(PICTURES.resolve("together.png"));
        tab(2).scheme("dark");
        tab(2).picture(PICTURES.resolve("together-dark.png"));
    }

    @Test
    void fitsANarrowScreen() {
        add(tab(1), "onewordwithoutanyplacewhereitcouldbebroken".repeat(4));
        tab(1).size(320, 800);

        assertThat(tab(1).value("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(320);
        tab(1).picture(PICTURES.resolve("narrow.png"));
    }
}

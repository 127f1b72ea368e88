/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("F7")
class ReplyBudgetTest {

    private static final InetSocketAddress VICTIM = InetSocketAddress.createUnresolved("victim", 1);

    private final ReplyBudget budget = new ReplyBudget();

    @Test
    void anAddressGetsSoManyASecondHoweverManyAreMadeForIt() {
        int sent = 0;
        for (int i = 0; i < 10_000; i++) {
            sent += budget.take(VICTIM, 5 + i * TimeUnit.MILLISECONDS.toNanos(1)) ? 1 : 0;
        }

        assertThat(sent).isBetween(10 * ReplyBudget.FRAMES_MAX, 11 * ReplyBudget.FRAMES_MAX + 1);
    }

    @Test
    void oneAddressIsNotInTheWayOfMostOthers() {
        while (budget.take(VICTIM, 5)) {
            // all of it
        }

        int served = 0;
        for (int port = 1; port <= 1_000; port++) {
            served += budget.take(InetSocketAddress.createUnresolved("other", port), 5) ? 1 : 0;
        }

        assertThat(served).isGreaterThan(900);
    }

    @Test
    void nobodyCanChooseAddressesThatShareTheAccountOfAnother() {
        while (budget.take(VICTIM, 5)) {
            // all of it
        }

        int served = 0;
        for (int port = 1 + ReplyBudget.PLACES; port <= 65_535; port += ReplyBudget.PLACES) {
            served += budget.take(InetSocketAddress.createUnresolved("victim", port), 5) ? 1 : 0;
        }

        assertThat(served).isGreaterThan(50);
    }
}

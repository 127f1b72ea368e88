/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChangeLinesTest {

    private final ChangeLines lines = new ChangeLines(Documents.MOMENTS);

    @Test
    void aLineForEachThingThatHasChangedAndNoneElse() {
        assertThat(lines.of(Documents.status(Documents.healthy(1))))
                .containsExactly(
                        "2026-11-29 08:00:00.000  Ring 1.8 of nodes 1, 2 and 3 is formed, with nodes 2 and 3 new in it."
                                + " Because: node 2 of another ring heard at node 1",
                        "2026-11-29 08:00:01.000  node 1 is ready");
        assertThat(lines.of(Documents.status(Documents.healthy(2)))).isEmpty();
        assertThat(lines.of(Documents.status(Documents.alone(62))))
                .containsExactly(
                        "2026-11-29 08:01:00.001  Ring 1.12 of nodes 1 and 2 is formed, without node 3;"
                                + " it is not primary, so it may not decide. Because: token lost at node 1, which had it"
                                + " 1000 ms before and sent it again 3 times; last heard of at node 3; node 3 not heard at"
                                + " node 1 for 1200 ms",
                        "2026-11-29 08:01:02.000  node 1 is not ready: not-primary: 2 of 4 votes; Start more nodes.");
        assertThat(lines.of(Documents.status(Documents.alone(63).replace("2 of 4", "1 of 4"))))
                .isEmpty();
    }

    @Test
    void aNodeThatIsGoneIsSaidOnceAndThatItIsBack() {
        assertThat(lines.gone("nobody answers", Documents.START))
                .containsExactly("2026-11-29 08:00:00.000  nobody answers; trying again");
        assertThat(lines.gone("nobody answers", Documents.START)).isEmpty();
        assertThat(lines.of(Documents.status(Documents.healthy(1))))
                .startsWith("2026-11-29 08:00:01.000  node 1 answers again");
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import static dev.totem.core.internal.paper.Crafted.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code PROTOCOL.md} 4.5; this processor is 2, and owner 0 is nobody. */
class AruRuleTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // situation,                          aru, owner, seq, own | aru, owner
        "lowers a mark above its own,           10,     3,  12,   7,    7, 2",
        "lowers a mark of nobody,               10,     0,  10,   7,    7, 2",
        "lowers its own mark further,           10,     2,  12,   7,    7, 2",
        "raises its own mark,                    5,     2,  12,   7,    7, 2",
        "gives up its own mark at seq,           5,     2,  12,  12,   12, 0",
        "keeps a stuck mark of its own,          5,     2,  12,   5,    5, 2",
        "moves a mark of nobody to seq,         10,     0,  12,  12,   12, 0",
        "moves a mark of nobody to its own aru, 10,     0,  14,  12,   12, 2",
        "leaves the mark of another,             5,     3,  12,  12,    5, 3",
        "leaves a lower mark when it is behind,  5,     3,  12,   7,    5, 3",
        "leaves a mark equal to its own aru,     7,     3,  12,   7,    7, 3",
        "leaves the first mark to its owner,    -1,     1,   0,   0,   -1, 1",
        "raises its own first mark,             -1,     2,   0,   0,    0, 0",
        "has nothing to say on a quiet ring,    10,     0,  10,  10,   10, 0",
        "lowers beyond 2^32,            4294967300,     0, 4294967300, 4294967290, 4294967290, 2",
    })
    void writesTheMark(String situation, long aru, int owner, long seq, long own, long newAru, int newOwner) {
        AruRule after = AruRule.after(aru, node(owner), seq, id(2), own);

        assertThat(after).as(situation).isEqualTo(new AruRule(newAru, node(newOwner)));
    }

    private static Optional<NodeId> node(int node) {
        return node == 0 ? Optional.empty() : Optional.of(id(node));
    }
}

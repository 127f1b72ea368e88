/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuorumTest {

    private static List<NodeId> nodes(int... ids) {
        return IntStream.of(ids).mapToObj(NodeId::of).toList();
    }

    @Test
    void withoutOneEveryPartMayDecide() {
        assertThat(Quorum.none().isPrimary(nodes(1))).isTrue();
        assertThat(Quorum.none().isNone()).isTrue();
        assertThat(TotemConfig.defaults().quorum()).isEqualTo(Quorum.none());
    }

    @Test
    void moreThanHalfIsAMajority() {
        assertThat(Quorum.majority(3).isPrimary(nodes(1))).isFalse();
        assertThat(Quorum.majority(3).isPrimary(nodes(7, 9))).isTrue();
        assertThat(Quorum.majority(4).isPrimary(nodes(1, 2))).isFalse();
        assertThat(Quorum.majority(4).isPrimary(nodes(1, 2, 3))).isTrue();
    }

    @Test
    void onlyNamedNodesCount() {
        Quorum named = Quorum.majority(NodeId.of(1), NodeId.of(2), NodeId.of(3));

        assertThat(named.isPrimary(nodes(1, 7, 8, 9))).isFalse();
        assertThat(named.isPrimary(nodes(1, 3, 7))).isTrue();
        assertThat(named.nodes()).isEqualTo(3);
    }

    @Test
    void votesAreWeighed() {
        Quorum weighted = Quorum.weighted(Map.of(NodeId.of(1), 3, NodeId.of(2), 1, NodeId.of(3), 1, NodeId.of(4), 0));

        assertThat(weighted.votes()).isEqualTo(5);
        assertThat(weighted.nodes()).isEqualTo(3);
        assertThat(weighted.isPrimary(nodes(1))).isTrue();
        assertThat(weighted.isPrimary(nodes(2, 3, 4))).isFalse();
    }

    @Test
    void exactlyHalfDecidesWithTheTieBreaker() {
        Quorum two = Quorum.majority(2).withTieBreaker(NodeId.of(2));

        assertThat(two.isPrimary(nodes(2))).isTrue();
        assertThat(two.isPrimary(nodes(1))).isFalse();
        assertThat(Quorum.majority(3).withTieBreaker(NodeId.of(1)).isPrimary(nodes(1)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "none,none",
        "majority:3,majority:3",
        "'majority:3,1,2','majority:1,2,3'",
        "'weighted:1=1,2=1','majority:1,2'",
        "'weighted:2=1,1=2','weighted:1=2,2=1'",
        "weighted:7=1,weighted:7=1",
        "majority:4+tie:2+expect:4,majority:4+tie:2+expect:4"
    })
    void isReadAndWritten(String text, String written) {
        assertThat(Quorum.parse(text)).hasToString(written);
        assertThat(Quorum.parse(written)).isEqualTo(Quorum.parse(text)).hasSameHashCodeAs(Quorum.parse(text));
        assertThat(TotemConfig.builder().quorum(Quorum.parse(text)).build().quorum())
                .isEqualTo(Quorum.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "some",
                "majority",
                "majority:",
                "majority:0",
                "majority:385",
                "majority:1,1",
                "majority:0,1",
                "majority:99999999999",
                "weighted:1",
                "weighted:1=1,1=1",
                "weighted:1=0",
                "weighted:1=1001",
                "none+tie:1",
                "none+expect:1",
                "majority:1,2+tie:3",
                "majority:3+expect:4",
                "majority:3+expect:0",
                "majority:3+expect:2+tie:1"
            })
    void whatCannotWorkIsRefusedWithTheRemedy(String text) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> TotemConfig.builder().set("quorum", text).build());
    }

    @Test
    void aRefusalNamesTheSettingTheValueAndTheRemedy() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Quorum.majority(3).bootstrapExpect(5))
                .withMessage("quorum=majority:3+expect:5: from 1 to the 3 nodes with votes");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Quorum.parse("half"))
                .withMessageStartingWith("quorum=half: none, majority:N");
    }
}

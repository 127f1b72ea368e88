/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import dev.totem.testkit.internal.check.CheckOptions;
import dev.totem.testkit.internal.check.EvsChecker;
import dev.totem.testkit.internal.check.EvsLog;
import dev.totem.testkit.internal.check.EvsRule;
import dev.totem.testkit.internal.check.LogEvent;
import dev.totem.testkit.internal.check.MessageId;
import dev.totem.testkit.internal.check.RuleMeaning;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EvsReportTest {

    @Test
    void saysWhatHoldsAndWhatItMeansAndWhatShowsThatItDoesNot() {
        NodeId node = NodeId.of(1);
        RingId ring = new RingId(node, 4);
        Position position = new Position(ring, 1, 0);
        LogEvent.Deliver delivery =
                new LogEvent.Deliver(new MessageId(node, 0, 0, 0), node, Guarantee.AGREED, position);
        EvsLog log = new EvsLog(
                node,
                0,
                List.of(
                        LogEvent.Conf.of(ConfigChange.regular(ring, List.of(node), List.of(node))),
                        delivery,
                        delivery));

        EvsReport report =
                EvsReport.of(new EvsChecker(CheckOptions.ofProcesses()).check(List.of(log), Optional.empty()));

        assertThat(report.violations()).anySatisfy(violation -> {
            assertThat(violation.rule()).isEqualTo("A2");
            assertThat(violation.nodes()).containsExactly(node);
            assertThat(violation)
                    .hasToString("A2 at [1]: delivered after " + position
                            + "\n    what holds: positions grow along the deliveries of a life"
                            + "\n    what it means: the later message has the greater position\n    "
                            + String.join("\n    ", violation.events()));
        });
    }

    @ParameterizedTest
    @EnumSource(EvsRule.class)
    void explainsEveryRule(EvsRule rule) {
        assertThat(RuleMeaning.of(rule)).isNotBlank();
    }
}

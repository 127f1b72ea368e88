/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.totem.core.ChangeCause;
import dev.totem.core.ConfigChange;
import dev.totem.core.EvsHandle;
import dev.totem.core.NodeId;
import dev.totem.core.Quorum;
import dev.totem.core.RingId;
import dev.totem.core.Settings;
import dev.totem.testkit.TestRing;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StatusDocumentTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private TestRing ring;
    private final SeenChanges changes = new SeenChanges(() -> 1_234);

    @BeforeEach
    void formsARing() {
        ring = TestRing.of(
                2,
                settings -> settings.set(Settings.QUORUM, Quorum.majority(2).toString())
                        .set(Settings.CLUSTER_NAME, "lab"));
        ring.awaitOneRing().block(SOON);
    }

    @AfterEach
    void ends() {
        ring.close();
    }

    private JsonNode status() throws IOException {
        return new ObjectMapper()
                .readTree(new StatusDocument(ring.node(1), changes, () -> 5_678)
                        .render()
                        .block(SOON));
    }

    @Test
    void saysWhoItIsAndHowItIs() throws IOException {
        JsonNode status = status();

        assertThat(status.get("node").intValue()).isEqualTo(1);
        assertThat(status.get("cluster").textValue()).isEqualTo("lab");
        assertThat(status.get("millis").longValue()).isEqualTo(5_678);
        assertThat(status.get("version").textValue()).isNotEmpty();
        assertThat(status.at("/health/live").booleanValue()).isTrue();
        assertThat(status.at("/health/ready").booleanValue()).isTrue();
        assertThat(status.at("/membership/members")).hasToString("[1,2]");
        assertThat(status.at("/membership/primary").booleanValue()).isTrue();
        assertThat(status.at("/membership/ring/seq").longValue()).isPositive();
        assertThat(status.at("/lease/millis").isNumber()).isTrue();
    }

    @Test
    @Timeout(60)
    void tellsWhoIsInGroupsAndWhatStandsOnThem() throws IOException {
        ring.node(1).openHandle().join("a", "b").block(SOON);
        ring.node(2).openHandle().join("b").block(SOON);
        StatusDocument document = new StatusDocument(
                ring.node(1),
                changes,
                () -> 5_678,
                Blocks.NONE.with("orders", () -> "in state").with("broken", () -> {
                    throw new IllegalStateException("no");
                }));
        JsonNode status;
        do {
            status = new ObjectMapper().readTree(document.render().block(SOON));
        } while (status.at("/groups/b").intValue() != 2);

        assertThat(status.get("groups")).hasToString("{\"a\":1,\"b\":2}");
        assertThat(status.get("blocks"))
                .hasToString("{\"broken\":\"cannot be told: java.lang.IllegalStateException: no\",\"orders\":\"in state\"}");
        assertThat(status().has("blocks")).isFalse();
    }

    @Test
    @Timeout(60)
    void tellsHowFarTheOrderIs() throws IOException {
        EvsHandle handle = ring.node(2).openHandle();
        handle.join("g").block(SOON);
        long seq = Objects.requireNonNull(handle.send(new byte[1]).block(SOON)).seq();

        // A node that has no time for the question within 100 ms is shown without.
        JsonNode status = status();
        while (!status.has("progress")) {
            status = status();
        }
        JsonNode progress = status.get("progress");

        assertThat(progress.at("/ring/seq").longValue())
                .isEqualTo(ring.node(1).membership().ring().seq());
        assertThat(progress.get("highest").longValue()).isGreaterThanOrEqualTo(seq);
        assertThat(progress.get("sent")).anySatisfy(sender -> {
            assertThat(sender.get("node").intValue()).isEqualTo(2);
            assertThat(sender.get("seq").longValue()).isGreaterThanOrEqualTo(seq);
        });
        for (String line : List.of("received", "safe", "delivered")) {
            assertThat(progress.get(line).isIntegralNumber()).as(line).isTrue();
        }
    }

    @Test
    void hasAllStatisticsByTheirNames() throws IOException {
        assertThat(status().get("stats").fieldNames())
                .toIterable()
                .containsExactlyElementsOf(NodeNumbers.of(ring.node(1)).keySet());
    }

    @Test
    void tellsTheReasonsOfANodeThatIsNotReadyWithTheRemedy() throws IOException {
        ring.partition(1);
        ring.awaitRing(1).block(SOON);

        JsonNode status = status();

        assertThat(status.at("/health/ready").booleanValue()).isFalse();
        assertThat(status.at("/health/live").booleanValue()).isTrue();
        JsonNode reason = status.at("/health/reasons/0");
        assertThat(reason.get("code").textValue()).isEqualTo("NOT_PRIMARY");
        assertThat(reason.get("weight").textValue()).isEqualTo("waits");
        assertThat(reason.get("text").textValue()).isNotEmpty();
        assertThat(reason.get("remedy").textValue()).contains("votes");
        assertThat(status.at("/membership/primary").booleanValue()).isFalse();
    }

    @Test
    void tellsCausesAsTheCommandDoesAndInWords() throws IOException {
        NodeId one = NodeId.of(1);
        NodeId two = NodeId.of(2);
        RingId old = new RingId(one, 4);
        RingId next = new RingId(one, 8);
        List<ChangeCause> causes = List.of(
                new ChangeCause.TokenLost(one, two, 3, Duration.ofMillis(250)),
                new ChangeCause.MemberSilent(one, two, Duration.ofMillis(300), false));
        changes.add(ConfigChange.transitional(old, next, List.of(one), List.of(two))
                .withPrimary(false)
                .withCauses(causes));
        changes.add(ConfigChange.regular(next, List.of(one), List.of()));

        JsonNode first = status().at("/changes/0");
        JsonNode second = status().at("/changes/1");

        assertThat(first.get("millis").longValue()).isEqualTo(1_234);
        assertThat(first.get("kind").textValue()).isEqualTo("transitional");
        assertThat(first.get("ring")).hasToString("{\"rep\":1,\"seq\":4}");
        assertThat(first.get("members")).hasToString("[1]");
        assertThat(first.get("left")).hasToString("[2]");
        assertThat(first.get("primary").booleanValue()).isFalse();
        assertThat(first.at("/causes/0"))
                .hasToString("{\"kind\":\"token-lost\",\"at\":1,\"last\":2,\"copies\":3,\"millis\":250,\"text\":\""
                        + causes.get(0) + "\"}");
        assertThat(first.at("/causes/1/kind").textValue()).isEqualTo("member-silent");
        assertThat(second.get("kind").textValue()).isEqualTo("regular");
        assertThat(second.has("causes")).isFalse();
    }
}

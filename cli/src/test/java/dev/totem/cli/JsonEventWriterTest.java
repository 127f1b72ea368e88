/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ChangeCause;
import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.MemberId;
import dev.totem.core.Membership;
import dev.totem.core.NodeId;
import dev.totem.core.NodeStats;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.core.RingId;
import dev.totem.core.SendFailedException;
import dev.totem.core.Statistics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lines are those of the command's contract, letter for letter. */
class JsonEventWriterTest {

    private static final RingId RING = new RingId(NodeId.of(1), 8);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private JsonEventWriter out;

    @BeforeEach
    void open() throws IOException {
        out = new JsonEventWriter(bytes);
    }

    private List<String> lines() {
        out.flush();
        assertThat(bytes.toString(StandardCharsets.UTF_8)).endsWith("}\n");
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void writesReady() {
        out.ready(NodeId.of(1), Quorum.none(), false);
        out.ready(NodeId.of(1), Quorum.majority(3), false);
        out.ready(NodeId.of(1), Quorum.none(), true);

        assertThat(lines())
                .containsExactly(
                        "{\"event\":\"ready\",\"node\":1}",
                        "{\"event\":\"ready\",\"node\":1,\"quorum\":\"majority:3\"}",
                        "{\"event\":\"ready\",\"node\":1,\"attached\":true}");
    }

    @Test
    void writesConfigurations() {
        out.event(ConfigChange.regular(RING, List.of(NodeId.of(1), NodeId.of(2)), List.of(NodeId.of(2))));
        out.event(ConfigChange.transitional(
                        RING, new RingId(NodeId.of(1), 12), List.of(NodeId.of(1)), List.of(NodeId.of(2)))
                .withPrimary(false));

        assertThat(lines())
                .containsExactly(
                        "{\"event\":\"config\",\"kind\":\"regular\",\"ring\":{\"rep\":1,\"seq\":8},\"members\":[1,2],\"joined\":[2],\"left\":[],\"primary\":true}",
                        "{\"event\":\"config\",\"kind\":\"transitional\",\"ring\":{\"rep\":1,\"seq\":8},\"members\":[1],\"joined\":[],\"left\":[2],\"primary\":false}");
    }

    @Test
    void writesCauses() {
        NodeId one = NodeId.of(1);
        NodeId two = NodeId.of(2);
        Duration time = Duration.ofMillis(70);
        out.event(ConfigChange.regular(RING, List.of(one), List.of())
                .withCauses(List.of(
                        new ChangeCause.MemberLeft(one, two),
                        new ChangeCause.FailedToReceive(one, two),
                        new ChangeCause.NewLife(one, two),
                        new ChangeCause.Paused(one, time),
                        new ChangeCause.Twin(one),
                        new ChangeCause.KeyUnknown(one, ChangeCause.KeyUnknown.Why.OTHER_KEY),
                        new ChangeCause.ForeignRing(one, two),
                        new ChangeCause.TokenLost(one, two, 3, time),
                        new ChangeCause.MemberSilent(one, two, time, true),
                        new ChangeCause.CommitLost(one, RING),
                        new ChangeCause.SettingsDiffer(one, two, "token", "1000ms", "500ms"))));

        assertThat(lines())
                .containsExactly(
                        "{\"event\":\"config\",\"kind\":\"regular\",\"ring\":{\"rep\":1,\"seq\":8},\"members\":[1],\"joined\":[],\"left\":[],\"primary\":true,\"causes\":["
                                + "{\"kind\":\"member-left\",\"at\":1,\"node\":2},"
                                + "{\"kind\":\"failed-to-receive\",\"at\":1,\"node\":2},"
                                + "{\"kind\":\"new-life\",\"at\":1,\"node\":2},"
                                + "{\"kind\":\"paused\",\"at\":1,\"millis\":70},"
                                + "{\"kind\":\"twin\",\"at\":1},"
                                + "{\"kind\":\"key-unknown\",\"at\":1,\"why\":\"other-key\"},"
                                + "{\"kind\":\"foreign-ring\",\"at\":1,\"node\":2},"
                                + "{\"kind\":\"token-lost\",\"at\":1,\"last\":2,\"copies\":3,\"millis\":70},"
                                + "{\"kind\":\"member-silent\",\"at\":1,\"node\":2,\"millis\":70,\"heard\":true},"
                                + "{\"kind\":\"commit-lost\",\"at\":1,\"ring\":{\"rep\":1,\"seq\":8}},"
                                + "{\"kind\":\"settings-differ\",\"at\":1,\"node\":2,\"setting\":\"token\",\"ours\":\"1000ms\",\"theirs\":\"500ms\"}]}");
    }

    @Test
    void writesDeliveriesAndOutcomes() {
        Position position = new Position(RING, 17, 0);
        out.event(new Delivery(
                NodeId.of(2),
                List.of(GroupName.of("lab")),
                Guarantee.AGREED,
                position,
                "hello".getBytes(StandardCharsets.UTF_8)));
        out.sent("x", position);
        out.sendFailed("x", SendFailedException.refused("no group"));

        assertThat(lines())
                .containsExactly(
                        "{\"event\":\"deliver\",\"sender\":2,\"groups\":[\"lab\"],\"guarantee\":\"agreed\",\"ring\":{\"rep\":1,\"seq\":8},\"seq\":17,\"index\":0,\"data\":\"aGVsbG8=\"}",
                        "{\"event\":\"sent\",\"tag\":\"x\",\"ring\":{\"rep\":1,\"seq\":8},\"seq\":17,\"index\":0}",
                        "{\"event\":\"send-failed\",\"tag\":\"x\",\"error\":\"no group\"}");
    }

    /** The life is a text: it has more digits than readers that know only doubles can tell apart. */
    @Test
    void writesGroups() {
        GroupMember named = new GroupMember(new MemberId(NodeId.of(1), 1L << 60, 1), Optional.of("lock"));
        GroupMember other = new GroupMember(new MemberId(NodeId.of(2), 5, 3), Optional.empty());
        GroupName lab = GroupName.of("lab");
        out.event(new GroupChange(
                lab,
                List.of(named),
                List.of(),
                List.of(other),
                GroupChange.Reason.NODE_GONE,
                new Position(RING, 17, 2)));
        out.members(lab, List.of(named));

        String lock = "{\"node\":1,\"handle\":1,\"life\":\"1152921504606846976\",\"name\":\"lock\"}";
        assertThat(lines())
                .containsExactly(
                        "{\"event\":\"group\",\"group\":\"lab\",\"members\":[" + lock
                                + "],\"joined\":[],\"left\":[{\"node\":2,\"handle\":3,\"life\":\"5\"}],\"reason\":\"node-gone\",\"ring\":{\"rep\":1,\"seq\":8},\"seq\":17,\"index\":2}",
                        "{\"event\":\"members\",\"group\":\"lab\",\"members\":[" + lock + "]}");
    }

    @Test
    void writesErrorsAndAnswers() {
        out.error(Optional.empty(), "not \"JSON\"");
        out.error(Optional.of("t"), "no");
        out.membership(new Membership(NodeId.of(1), RING, List.of(NodeId.of(1), NodeId.of(3))));
        out.rekeyed(Optional.of("k"), 2, new Position(RING, 17, 0));
        out.stats(NodeStats.of(Map.of(Statistics.TOKENS, 7L)));
        out.lease(true, Duration.ofMillis(70));

        assertThat(lines())
                .containsExactly(
                        "{\"event\":\"error\",\"error\":\"not \\\"JSON\\\"\"}",
                        "{\"event\":\"error\",\"tag\":\"t\",\"error\":\"no\"}",
                        "{\"event\":\"membership\",\"local\":1,\"members\":[1,3],\"primary\":true}",
                        "{\"event\":\"rekeyed\",\"tag\":\"k\",\"key\":2,\"ring\":{\"rep\":1,\"seq\":8},\"seq\":17,\"index\":0}",
                        "{\"event\":\"stats\",\"tokens\":7}",
                        "{\"event\":\"lease\",\"held\":true,\"millis\":70}");
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeHealth;
import dev.totem.core.NodeHealth.Code;
import dev.totem.core.NodeHealth.Reason;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.Statistics;
import dev.totem.core.internal.protocol.RingCounter;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.spi.OpenFailure;
import dev.totem.core.spi.SealHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the watch makes of what it is told. */
class HealthWatchTest {

    private static final Duration TOKEN = Duration.ofSeconds(1);

    private static final ConfigChange RING_OF_TWO = ConfigChange.regular(
            new RingId(NodeId.of(1), 4), List.of(NodeId.of(1), NodeId.of(2)), List.of(NodeId.of(2)));

    private final List<Code> said = new ArrayList<>();
    private long nowNanos = 5_000_000_000L;

    private HealthWatch watch() {
        Sightings sightings = new Sightings(
                new Sightings.Ours(NodeId.of(1), "lab", "none", TOKEN, 1_400),
                () -> nowNanos,
                reason -> said.add(reason.code()));
        HealthWatch watch = new HealthWatch(TOKEN, () -> nowNanos, sightings);
        watch.entered(RingPhase.OPERATIONAL, "");
        return watch;
    }

    /** As of node 2, of the cluster lab, with key 3. */
    private static RefusedFrame frame(OpenFailure failure, int suite) {
        ByteBuffer frame = ByteBuffer.allocate(100);
        new SealHeader(suite, 3, SealHeader.clusterTag("totem"), NodeId.of(2)).write(frame, 100, 5, 6);
        return new RefusedFrame(failure, InetSocketAddress.createUnresolved("b", 5405), frame.flip(), 0);
    }

    private NodeHealth told(HealthWatch watch) {
        watch.ran(nowNanos);
        return watch.now(Map.of());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NOT_AUTHENTIC | KEY_DIFFERS     | the last as of node 2 at b/<unresolved>:5405
            OTHER_KEY     | KEY_LACKING     | the last with key 3, as of node 2 at b/<unresolved>:5405
            OTHER_SUITE   | SUITE_DIFFERS   | the last with aes-256-gcm, ours is none, as of node 2 at b/<unresolved>:5405
            OTHER_CLUSTER | CLUSTER_DIFFERS | the last with the tag 7b1b3e91, ours is lab with a51146d3, as of node 2 at b/<unresolved>:5405
            UNPROVEN      | NOT_PROVEN_HERE | the last as of node 2 at b/<unresolved>:5405""")
    void framesThatAreRefusedAreNotedForAWhile(OpenFailure failure, Code code, String words) {
        HealthWatch watch = watch();
        watch.installed(RING_OF_TWO);

        watch.sightings().refused(frame(failure, 1));
        nowNanos += Sightings.MEMORY.toNanos() / 2;
        assertThat(told(watch).reasons()).containsExactly(new Reason(code, words + "; seen 5000 ms ago"));
        assertThat(told(watch).isReady()).isTrue();

        nowNanos += Sightings.MEMORY.toNanos() / 2 + 1;
        assertThat(told(watch).reasons()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"NOT_AUTHENTIC, KEY_DIFFERS", "OTHER_KEY, KEY_LACKING", "OTHER_SUITE, SUITE_DIFFERS"})
    void whoHasBeenWithNobodyIsNotReadyWhileWhatItHearsDoesNotOpen(OpenFailure failure, Code code) {
        HealthWatch watch = watch();

        watch.sightings().refused(frame(failure, 1));
        nowNanos += Sightings.MEMORY.toNanos() / 2;
        assertThat(told(watch).isReady()).isFalse();
        assertThat(told(watch).reasons()).extracting(Reason::code).containsExactly(Code.KEPT_OUT, code);

        watch.installed(RING_OF_TWO);
        assertThat(told(watch).isReady()).isTrue();
        watch.installed(ConfigChange.regular(new RingId(NodeId.of(1), 8), List.of(NodeId.of(1)), List.of()));
        watch.sightings().refused(frame(failure, 1));
        assertThat(told(watch).isReady()).as("it has the key of somebody").isTrue();
        assertThat(told(watch).has(code)).isTrue();
    }

    @Test
    void whoIsWhereNoPeerIsListedIsNoted() {
        HealthWatch watch = watch();
        watch.installed(RING_OF_TWO);
        InetSocketAddress there = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7_000);

        watch.sightings().misplaced(NodeId.of(3), there, Optional.empty());
        assertThat(told(watch).reasons())
                .containsExactly(new Reason(
                        Code.PEER_UNLISTED,
                        "node 3 speaks from localhost/127.0.0.1:7000, where no peer is listed; seen 0 ms ago"));

        nowNanos += 1_000_000_000;
        watch.sightings().misplaced(NodeId.of(3), there, Optional.of(NodeId.of(4)));
        assertThat(told(watch).toString()).contains("node 3 speaks from", ", where node 4 is listed; seen 0 ms ago");
        assertThat(told(watch).isReady()).isTrue();
    }

    @Test
    void theIdOfThisNodeOrAMemberFromElsewhereIsTaken() {
        HealthWatch watch = watch();
        watch.installed(RING_OF_TWO);
        InetSocketAddress there = InetSocketAddress.createUnresolved("b", 7_000);

        watch.sightings().misplaced(NodeId.of(1), there, Optional.empty());
        assertThat(told(watch).reasons())
                .containsExactly(new Reason(
                        Code.ID_TAKEN, "another process with the id 1 speaks from b/<unresolved>:7000; seen 0 ms ago"));

        nowNanos += 1_000_000_000;
        watch.sightings().misplaced(NodeId.of(2), there, Optional.empty());
        assertThat(told(watch).reasons())
                .containsExactly(new Reason(
                        Code.ID_TAKEN,
                        "node 2 is a member, and another process with its id speaks from b/<unresolved>:7000;"
                                + " seen 0 ms ago"));
    }

    @ParameterizedTest
    @CsvSource({"OTHER_CLUSTER, CLUSTER_DIFFERS", "UNPROVEN, NOT_PROVEN_HERE"})
    void whoIsAloneSaysOnceWhatLasts(OpenFailure failure, Code code) {
        HealthWatch watch = watch();

        for (long millis = 0; millis <= TOKEN.toMillis(); millis += 100) {
            assertThat(said).hasSizeLessThan(2);
            watch.sightings().refused(frame(failure, 0));
            nowNanos += 100_000_000;
        }

        assertThat(said).containsExactly(code);
    }

    @Test
    void whoIsInARingWithOthersDoesNotMindOtherClusters() {
        HealthWatch watch = watch();
        watch.installed(RING_OF_TWO);

        for (int i = 0; i < 100; i++) {
            watch.sightings().refused(frame(OpenFailure.OTHER_CLUSTER, 0));
            nowNanos += 100_000_000;
        }

        assertThat(said).isEmpty();
        assertThat(told(watch).has(Code.CLUSTER_DIFFERS)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"MALFORMED", "OTHER_RECEIVER", "REPLAYED", "COPIED", "OVER_LIMIT"})
    void whatANetworkDoesAnywayIsNotNoted(OpenFailure failure) {
        HealthWatch watch = watch();

        watch.sightings().refused(frame(failure, 0));

        assertThat(told(watch).reasons()).isEmpty();
    }

    @Test
    void aTakenIdAndALostNetworkAreNoted() {
        HealthWatch watch = watch();

        watch.sightings().duplicateId(NodeId.of(1));
        watch.ran(nowNanos);

        NodeHealth health = watch.now(Map.of(Statistics.LINK_NETWORKS_FAULTY, 1L));
        assertThat(health.reasons()).extracting(Reason::code).containsExactly(Code.ID_TAKEN, Code.NETWORK_FAULTY);
        assertThat(health.has(Code.NETWORK_FAULTY)).isTrue();
        assertThat(health.has(Code.HELD_BACK)).isFalse();
    }

    @Test
    void aNewLifeIsUnprovenUntilTheTokenHasComeRound() {
        HealthWatch watch = watch();
        watch.installed(RING_OF_TWO);

        watch.renewed();
        watch.counted(RingCounter.TOKENS, 1);
        assertThat(told(watch).reasons()).extracting(Reason::code).containsExactly(Code.UNPROVEN);
        assertThat(told(watch).isReady()).isFalse();

        watch.counted(RingCounter.TOKENS, 1);
        assertThat(told(watch).isReady()).isTrue();
    }

    @Test
    void aNewLifeAloneHasNobodyToProveItTo() {
        HealthWatch watch = watch();

        watch.renewed();

        assertThat(told(watch).isReady()).isTrue();
    }
}

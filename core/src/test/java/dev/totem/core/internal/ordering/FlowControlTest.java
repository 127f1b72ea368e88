/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Settings;
import dev.totem.core.internal.settings.FlowLimits;
import dev.totem.core.internal.settings.NodeSettings;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code PROTOCOL.md} 4.6, with a window of 50 and 17 messages per visit. */
class FlowControlTest {

    private static final long ROOM = 10_000;

    private final FlowControl flow = new FlowControl(NodeSettings.defaults()
            .with(Settings.WINDOW_SIZE, 50)
            .with(Settings.MAX_MESSAGES, 17)
            .flow());

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // situation,                                    fcc, ring backlog, backlog, retransmitted, room | allowed
        "the visit limit,                                  0,            0,     100,             0, 10000, 17",
        "what is left of the window,                      45,            0,     100,             0, 10000,  5",
        "a full window,                                   50,            0,     100,             0, 10000,  0",
        "an overdrawn window,                             80,            0,     100,             0, 10000,  0",
        "retransmissions come out of the visit,            0,            0,     100,            10, 10000,  7",
        "more retransmissions than the visit allows,       0,            0,     100,            17, 10000,  0",
        "the room in the store,                            0,            0,     100,             0,     3,  3",
        "no room in the store,                             0,            0,     100,             0,  -200,  0",
        "the fair share of a tenth,                        0,           90,      10,             0, 10000,  5",
        "at least one even with the smallest share,        0,         9999,       1,             0, 10000,  1",
        "nothing of a full window whatever the share,     50,         9999,       1,             0, 10000,  0",
        "an empty queue may still be filled,               0,            0,       0,             0, 10000, 17",
    })
    @Tag("P20")
    void allows(String situation, int fcc, int ringBacklog, int backlog, int retransmitted, long room, int allowed) {
        assertThat(flow.originationsAllowed(fcc, ringBacklog, backlog, retransmitted, room, Restraint.NONE))
                .as(situation)
                .isEqualTo(allowed);
    }

    @Test
    void theShareLeavesOutWhatThisProcessorReportedItself() {
        int ring = flow.reportBacklog(30, 20);
        assertThat(ring).isEqualTo(50);

        // 30 of others and 10 here now: a quarter of 50
        assertThat(flow.originationsAllowed(0, ring, 10, 0, ROOM, Restraint.NONE))
                .isEqualTo(12);
    }

    @Test
    void reportsReplaceTheLastReport() {
        int others = 7;
        int ring = flow.reportBacklog(others, 20);
        ring = flow.reportBacklog(ring, 5);
        assertThat(ring).isEqualTo(others + 5);

        ring = flow.reportBacklog(ring, 0);

        assertThat(ring).isEqualTo(others);
    }

    @Test
    void countsReplaceTheLastContribution() {
        int others = 9;
        int fcc = flow.countSent(others, 12, Restraint.NONE);
        assertThat(fcc).isEqualTo(others + 12);

        fcc = flow.countSent(fcc, 3, Restraint.NONE);
        assertThat(fcc).isEqualTo(others + 3);

        assertThat(flow.countSent(fcc, 0, Restraint.NONE)).isEqualTo(others);
    }

    @Test
    @Tag("P46")
    void countsNeverGoBelowZero() {
        flow.countSent(0, 12, Restraint.NONE);
        flow.reportBacklog(0, 12);

        // somebody else did not count honestly
        assertThat(flow.countSent(2, 1, Restraint.NONE))
                .as("what it sent itself")
                .isEqualTo(1);
        assertThat(flow.reportBacklog(2, 1)).isZero();
    }

    @Test
    void aProcessorThatHoldsBackTakesTheWindowOnce() {
        int fcc = flow.countSent(4, 0, Restraint.HELD_BACK);
        assertThat(fcc).isGreaterThanOrEqualTo(50);
        fcc = flow.countSent(fcc, 0, Restraint.HELD_BACK);
        assertThat(fcc).as("once, not once a visit").isEqualTo(4 + 51);

        assertThat(flow.countSent(fcc, 0, Restraint.NONE)).isEqualTo(4);
    }

    @Test
    void aProcessorThatHoldsBackSendsALittleThoughOthersHoldBackToo() {
        FlowControl large = new FlowControl(
                NodeSettings.defaults().with(Settings.WINDOW_SIZE, 1_024).flow());
        int others = 3 * (1_024 + 384);

        assertThat(flow.originationsAllowed(0, 0, 100, 0, ROOM, Restraint.HELD_BACK))
                .isEqualTo(1);
        assertThat(large.originationsAllowed(others, 0, 100, 0, ROOM, Restraint.HELD_BACK))
                .isEqualTo(16);
        assertThat(large.originationsAllowed(others, 0, 100, 10, ROOM, Restraint.HELD_BACK))
                .isEqualTo(6);
        assertThat(large.originationsAllowed(others, 0, 100, 0, 0, Restraint.HELD_BACK))
                .isZero();
    }

    @Test
    void nobodySendsAnythingNewWhileOneProcessorCanBearNothingMore() {
        FlowControl full = new FlowControl(
                NodeSettings.defaults().with(Settings.WINDOW_SIZE, 50).flow());
        assertThat(full.originationsAllowed(0, 0, 100, 0, ROOM, Restraint.STOPPED))
                .isZero();
        int fcc = full.countSent(0, 0, Restraint.STOPPED);

        assertThat(flow.originationsAllowed(fcc, 0, 100, 0, ROOM, Restraint.NONE))
                .isZero();
        fcc = flow.countSent(fcc, 0, Restraint.HELD_BACK);
        assertThat(flow.originationsAllowed(fcc, 0, 100, 0, ROOM, Restraint.HELD_BACK))
                .isZero();

        fcc = full.countSent(fcc, 0, Restraint.HELD_BACK);
        assertThat(flow.originationsAllowed(fcc, 0, 100, 0, ROOM, Restraint.HELD_BACK))
                .isEqualTo(1);
        assertThat(full.originationsAllowed(fcc, 0, 100, 0, ROOM, Restraint.HELD_BACK))
                .isEqualTo(1);
    }

    @Test
    void theCountDoesNotOverflowThoughAllOfTheLargestRingCanBearNothingMore() {
        FlowLimits limits = NodeSettings.defaults()
                .with(Settings.STORE_FRAMES, 1 << 20)
                .with(Settings.WINDOW_SIZE, 65_536)
                .flow();
        int fcc = 0;
        for (int member = 0; member < 384; member++) {
            int next = new FlowControl(limits).countSent(fcc, limits.maxMessages(), Restraint.STOPPED);
            assertThat(next).isGreaterThan(fcc);
            fcc = next;
        }
    }

    @Test
    void retransmissionsAreBoundedByTheVisitLimit() {
        assertThat(flow.retransmissionsAllowed()).isEqualTo(17);
    }

    /** All members always have more to send than they may: who gets what, by member. */
    private static int[] sentBy(int members, int rotations) {
        FlowLimits limits = NodeSettings.defaults()
                .with(Settings.WINDOW_SIZE, 50)
                .with(Settings.MAX_MESSAGES, 17)
                .flow();
        FlowControl[] ring = new FlowControl[members];
        Arrays.setAll(ring, member -> new FlowControl(limits));
        int[] sent = new int[members];
        int fcc = 0;
        int backlog = 0;
        for (int visit = 0; visit < rotations * members; visit++) {
            FlowControl flow = ring[visit % members];
            int now = flow.originationsAllowed(fcc, backlog, 1_000, 0, ROOM, Restraint.NONE);
            backlog = flow.reportBacklog(backlog, 1_000);
            fcc = flow.countSent(fcc, now, Restraint.NONE);
            sent[visit % members] += now;
            assertThat(fcc).isLessThanOrEqualTo(limits.windowSize());
        }
        return sent;
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 16, 49, 50, 51, 128, 384})
    void aBusyRingOfAnySizeSharesItsWindow(int members) {
        int rotations = 1_000;
        int[] sent = sentBy(members, rotations);

        double mean = Arrays.stream(sent).average().orElseThrow();
        assertThat(mean * members)
                .as("little of the window is left unused")
                .isBetween(0.6 * 50 * rotations, 50.0 * rotations);
        assertThat(Arrays.stream(sent).boxed().toList())
                .as("everybody has a share")
                .allSatisfy(one -> assertThat((double) one).isBetween(0.5 * mean, 2 * mean));
    }

    @Test
    void littleIsAThirtySecondOfTheWindow() {
        FlowControl of96 = new FlowControl(
                NodeSettings.defaults().with(Settings.WINDOW_SIZE, 96).flow());

        assertThat(of96.isLittle(3)).isTrue();
        assertThat(of96.isLittle(4)).isFalse();
        assertThat(of96.isLittleTwice(6)).isTrue();
        assertThat(of96.isLittleTwice(7)).isFalse();
    }
}

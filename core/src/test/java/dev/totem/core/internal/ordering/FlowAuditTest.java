/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import static dev.totem.core.internal.paper.Crafted.origin;
import static dev.totem.core.internal.paper.Crafted.ring;
import static dev.totem.core.internal.paper.Crafted.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.RingId;
import dev.totem.core.Settings;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.settings.FlowLimits;
import dev.totem.core.internal.settings.NodeSettings;
import org.junit.jupiter.api.Test;

/** What nobody has put into the token's sums goes, and what somebody has put there stays. */
class FlowAuditTest {

    private static final RingId RING = ring(1, 8);
    private static final FlowLimits LIMITS = NodeSettings.defaults()
            .with(Settings.WINDOW_SIZE, 50)
            .with(Settings.MAX_MESSAGES, 17)
            .flow();

    private final RingOrder order = new RingOrder(RING, origin(1), LIMITS, 125_000_000);
    private final FlowAudit audit = new FlowAudit(LIMITS, 1_000);
    private long now;

    private RegularToken visit(int backlog, int fcc) {
        now += 100;
        return audit.visited(token(RING).flow(backlog, fcc).token(), order, 3, now);
    }

    @Test
    void takesOutWhatNobodySent() {
        int fcc = 40;
        for (int visits = 0; visits < 20; visits++) {
            fcc = visit(0, fcc).fcc();
        }
        assertThat(fcc).isZero();
    }

    @Test
    void takesOutMoreThanAWindowOfNobody() {
        int fcc = 500;
        for (int visits = 0; visits < 30; visits++) {
            fcc = visit(0, fcc).fcc();
        }
        assertThat(fcc).isZero();
    }

    @Test
    void neverOpensTheWindowThatAMemberHoldsBack() {
        FlowControl holder = new FlowControl(LIMITS);
        int fcc = holder.countSent(0, 0, Restraint.HELD_BACK);
        for (int visits = 0; visits < 200; visits++) {
            fcc = visit(0, fcc).fcc();
            assertThat(fcc).as("visit " + visits).isGreaterThanOrEqualTo(LIMITS.windowSize());
            fcc = holder.countSent(fcc, 0, Restraint.HELD_BACK);
        }
    }

    @Test
    void neverLetsThoseThatHoldBackSendWhileAMemberCanBearNothingMore() {
        FlowControl holder = new FlowControl(LIMITS);
        FlowControl full = new FlowControl(LIMITS);
        int fcc = full.countSent(holder.countSent(0, 0, Restraint.HELD_BACK), 0, Restraint.STOPPED);
        for (int visits = 0; visits < 200; visits++) {
            fcc = visit(0, fcc).fcc();
            assertThat(holder.originationsAllowed(fcc, 0, 10, 0, 1_000, Restraint.HELD_BACK))
                    .as("visit " + visits)
                    .isZero();
            fcc = full.countSent(holder.countSent(fcc, 0, Restraint.HELD_BACK), 0, Restraint.STOPPED);
        }
    }

    @Test
    void takesOutWhatNobodyWithheldThoughAMemberHoldsBack() {
        FlowControl holder = new FlowControl(LIMITS);
        int fcc = holder.countSent(3 * FlowControl.STOPPED, 0, Restraint.HELD_BACK);
        for (int visits = 0; visits < 60; visits++) {
            fcc = holder.countSent(visit(0, fcc).fcc(), 0, Restraint.HELD_BACK);
        }
        assertThat(holder.originationsAllowed(fcc, 0, 10, 0, 1_000, Restraint.HELD_BACK))
                .isEqualTo(1);
    }

    @Test
    void isNoBusinessOfAMemberThatDoesNotRepresentTheRing() {
        RingOrder other = new RingOrder(RING, origin(2), LIMITS, 125_000_000);
        for (int visits = 0; visits < 100; visits++) {
            RegularToken token = token(RING).flow(0, 40).token();
            assertThat(audit.visited(token, other, 3, 100L * visits).fcc()).isEqualTo(40);
        }
    }

    @Test
    void leavesWhatIsSentAgainNowAndThen() {
        for (int visits = 0; visits < 100; visits++) {
            int resent = visits % 3;
            assertThat(visit(0, resent).fcc()).isEqualTo(resent);
        }
    }

    @Test
    void believesInNoBacklogOfMembersThatSendNothing() {
        visit(0, 0);
        assertThat(visit(5_000, 0).backlog()).isZero();
    }
}

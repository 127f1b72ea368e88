/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.cli.OpenSends.OpenSend;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.Membership;
import dev.totem.core.NodeClosedException;
import dev.totem.core.NodeId;
import dev.totem.core.NodeStats;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.core.RingId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenSendsTest {

    private static final Set<GroupName> LAB = Set.of(GroupName.of("lab"));

    private final Lines out = new Lines();
    private final OpenSends sends = new OpenSends(out);

    private static Position at(long seq) {
        return new Position(new RingId(NodeId.of(1), 4), seq, 0);
    }

    private static Delivery delivery(long seq) {
        return new Delivery(NodeId.of(1), List.copyOf(LAB), Guarantee.AGREED, at(seq), new byte[0]);
    }

    private OpenSend accepted(String tag) {
        return sends.accept(tag, LAB);
    }

    @Test
    void answersOnceTheDeliveryWasShown() {
        OpenSend send = accepted("x");

        sends.completed(send, at(5), LAB);
        assertThat(out.lines).isEmpty();
        sends.shown(delivery(4));
        assertThat(out.lines).isEmpty();
        sends.shown(delivery(5));

        assertThat(out.lines).containsExactly("sent x 1.4/5/0");
        assertThat(sends.isEmpty()).isTrue();
    }

    @Test
    void answersAtOnceWhenTheDeliveryCameFirst() {
        OpenSend send = accepted("x");

        sends.shown(delivery(5));
        sends.completed(send, at(5), LAB);

        assertThat(out.lines).containsExactly("sent x 1.4/5/0");
    }

    @Test
    void answersAtOnceWhenTheMessageIsNotForThisNode() {
        sends.completed(accepted("x"), at(5), Set.of());

        assertThat(out.lines).containsExactly("sent x 1.4/5/0");
    }

    @Test
    void answersWhatIsNotShownAnyMoreAfterLeaving() {
        sends.completed(accepted("x"), at(5), LAB);

        sends.shownOnly(Set.of(GroupName.of("other")));

        assertThat(out.lines).containsExactly("sent x 1.4/5/0");
    }

    @Test
    void answersInTheOrderOfThePositions() {
        OpenSend first = accepted("a");
        OpenSend second = accepted("b");
        sends.completed(second, at(6), LAB);
        sends.completed(first, at(5), LAB);

        sends.shown(delivery(7));

        assertThat(out.lines).containsExactly("sent a 1.4/5/0", "sent b 1.4/6/0");
    }

    @Test
    void givesEverySendOneAnswerInTheEnd() {
        sends.completed(accepted("a"), at(5), LAB);
        OpenSend failed = accepted("b");
        accepted("c");
        sends.failed(failed, new NodeClosedException("it"));

        sends.end(new NodeClosedException("the node"));
        sends.end(new NodeClosedException("the node"));
        sends.failed(failed, new NodeClosedException("it"));

        assertThat(out.lines).containsExactly("failed b", "sent a 1.4/5/0", "failed c");
        assertThat(sends.isEmpty()).isTrue();
    }

    private static final class Lines implements EventWriter {

        private final List<String> lines = new ArrayList<>();

        @Override
        public void ready(NodeId node, Quorum quorum, boolean isAttached) {
            lines.add("ready " + node);
        }

        @Override
        public void event(EvsEvent event) {
            lines.add("event " + event);
        }

        @Override
        public void sent(String tag, Position position) {
            lines.add("sent " + tag + " " + position);
        }

        @Override
        public void sendFailed(String tag, Throwable reason) {
            lines.add("failed " + tag);
        }

        @Override
        public void rekeyed(Optional<String> tag, int key, Position position) {
            lines.add("rekeyed " + key);
        }

        @Override
        public void error(Optional<String> tag, String what) {
            lines.add("error " + what);
        }

        @Override
        public void membership(Membership membership) {
            lines.add("membership");
        }

        @Override
        public void lease(boolean isHeld, Duration remaining) {}

        @Override
        public void members(GroupName group, List<GroupMember> members) {}

        @Override
        public void stats(NodeStats values) {
            lines.add("stats");
        }

        @Override
        public void flush() {
            // nothing waits here
        }
    }
}

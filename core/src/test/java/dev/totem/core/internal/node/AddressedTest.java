/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.totem.core.ConfigurationException;
import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.MemberId;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Messages to members, and headers. */
class AddressedTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final StepWorld world = new StepWorld();
    private final List<StepMember> ring = StepMember.ring(world, 3, NodeSettings.defaults());

    private Position send(StepMember from, Message message) {
        Log<Position> sent = new Log<>();
        sent.follow(from.handle.send(message));
        assertThat(world.runUntil(() -> sent.values.size() == 1, SOON)).isTrue();
        world.run(StepMember.REST);
        return sent.values.get(0);
    }

    @Test
    void isHandedToItsRecipientsOnlyAtItsPlaceInTheOrder() {
        Position before = send(ring.get(0), Message.to("g"));
        Position addressed = send(
                ring.get(0),
                Message.to(ring.get(1).handle.id(), ring.get(2).handle.id()).payload(new byte[] {7}));
        Position after = send(ring.get(2), Message.to("g"));

        assertThat(ring.get(0).positions()).containsExactly(before, after);
        assertThat(ring.get(1).positions()).containsExactly(before, addressed, after);
        assertThat(ring.get(2).positions()).containsExactly(before, addressed, after);
        assertThat(ring.get(1).deliveries().get(1).groups()).isEmpty();
    }

    @Test
    void aHandleThatIsInNoGroupGetsIt() {
        EvsHandle alone = ring.get(1).node.openHandle(world.users);
        Log<Delivery> seen = new Log<>();
        seen.follow(alone.deliveries());
        world.run(StepMember.REST);

        send(ring.get(0), Message.to(alone.id()).safe());

        assertThat(seen.values).hasSize(1);
        assertThat(ring.get(1).deliveries()).isEmpty();
    }

    @Test
    void anotherLifeAndAClosedHandleGetNothing() {
        MemberId member = ring.get(1).handle.id();
        send(ring.get(0), Message.to(new MemberId(member.node(), member.life() + 1, member.handle())));
        send(ring.get(0), Message.to(new MemberId(member.node(), member.life(), 99)));
        ring.get(1).handle.close().subscribe();
        world.run(StepMember.REST);
        send(ring.get(0), Message.to(member));

        assertThat(ring).allMatch(each -> each.deliveries().isEmpty());
    }

    @Test
    void headersComeWithTheMessage() {
        send(ring.get(0), Message.to("g").header("trace", "00-ab").header("content-type", "text/plain"));
        send(ring.get(0), Message.of(new byte[] {1}).header("trace", "00-cd"));
        send(ring.get(0), Message.to(ring.get(1).handle.id()).header("reply-to", "g"));

        assertThat(ring.get(1).deliveries())
                .extracting(Delivery::headers)
                .containsExactly(
                        new java.util.TreeMap<>(Map.of("content-type", "text/plain", "trace", "00-ab")),
                        new java.util.TreeMap<>(Map.of("trace", "00-cd")),
                        new java.util.TreeMap<>(Map.of("reply-to", "g")));
        assertThat(ring.get(2).deliveries().get(1).payload()).containsExactly(1);
    }

    @Test
    void limitsAreNamed() {
        Message message = Message.to("g");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> message.header("", "x"))
                .withMessageContaining("1 to 64 bytes");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> message.header("a", "x".repeat(4_096)))
                .withMessageContaining("at most 4096 bytes");
        Message many = message;
        for (int i = 0; i < 16; i++) {
            many = many.header("h" + i, "");
        }
        Message most = many;
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> most.header("one more", ""))
                .withMessageContaining("at most 16 headers");
    }
}

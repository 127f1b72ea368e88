/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.Settings;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.settings.NodeSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The defects of others, {@code PROTOCOL.md} 10, that a handle's user would notice: docs/PITFALLS.md. */
class HandlePitfallsTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final NodeSettings CONFIG = NodeSettings.defaults().with(Settings.TOKEN, Duration.ofMillis(200));

    private final StepWorld world = new StepWorld();

    /** A node with a handle that is always in group "all". */
    private final class Member {

        final StepWorld.Place place;
        final TotemNode node;
        final View all;

        Member(int id, long ringSeq) {
            place = world.place(id);
            place.disk.stored = ringSeq;
            node = place.start(CONFIG);
            all = new View(node);
            all.handle.join("all").subscribe();
        }

        boolean isInRingOf(int members) {
            return node.membership().members().size() == members;
        }
    }

    /** A handle and what it saw. */
    private final class View {

        final EvsHandle handle;
        final List<EvsEvent> events = new ArrayList<>();

        View(TotemNode node) {
            handle = node.openHandle(world.users);
            handle.events().subscribe(events::add);
        }

        List<String> texts() {
            return events.stream()
                    .filter(Delivery.class::isInstance)
                    .map(event -> new String(((Delivery) event).payload(), StandardCharsets.UTF_8))
                    .toList();
        }
    }

    private List<Member> ring(long ringSeq, int size) {
        List<Member> members = new ArrayList<>();
        for (int id = 1; id <= size; id++) {
            members.add(new Member(id, ringSeq));
        }
        await(() -> members.stream().allMatch(member -> member.isInRingOf(size)));
        return members;
    }

    private void await(java.util.function.BooleanSupplier condition) {
        assertThat(world.runUntil(condition, SOON)).isTrue();
    }

    private static Message message(String text, String... groups) {
        return new Message(
                List.of(groups).stream().map(GroupName::of).toList(),
                Guarantee.AGREED,
                text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @Tag("P11")
    void ringNumbersAboveTwoToTheThirtyTwoReachTheUserWhole() {
        long stored = (1L << 32) + 8;
        List<Member> ring = ring(stored, 3);
        List<Position> told = new ArrayList<>();

        ring.get(1).all.handle.send(message("text", "all")).subscribe(told::add);
        await(() -> !told.isEmpty()
                && ring.stream().allMatch(member -> member.all.texts().size() == 1));

        assertThat(told.get(0).ring().seq()).isGreaterThan(stored);
        for (Member member : ring) {
            assertThat(member.node.membership().ring()).isEqualTo(told.get(0).ring());
            assertThat(member.all.events)
                    .filteredOn(Delivery.class::isInstance)
                    .extracting(event -> ((Delivery) event).position())
                    .containsExactly(told.get(0));
            assertThat(member.place.disk.stored)
                    .isGreaterThan(told.get(0).ring().seq());
        }
    }

    @Test
    @Tag("P70")
    void joiningAndLeavingAGroupIsExactWhateverTheMembershipDoes() {
        List<Member> ring = ring(0, 3);
        View visitor = new View(ring.get(0).node);
        List<String> expected = new ArrayList<>();
        for (int round = 0; round < 24; round++) {
            ring.get(2).place.link.side = round / 3 % 2;
            boolean joins = round % 2 == 0;
            boolean[] done = {false};
            (joins ? visitor.handle.join("visited") : visitor.handle.leave("visited"))
                    .doOnSuccess(nothing -> done[0] = true)
                    .subscribe();
            await(() -> done[0]);
            String text = "m" + round;
            if (joins) {
                expected.add(text);
            }

            ring.get(1).all.handle.send(message(text, "visited", "all")).subscribe();
            await(() -> ring.get(0).all.texts().contains(text));
            world.run(Duration.ofMillis(70L * round));
        }
        ring.get(2).place.link.side = 0;
        await(() -> ring.get(0).isInRingOf(3));

        assertThat(visitor.texts()).isEqualTo(expected);
        List<EvsEvent> changes = changes(visitor);
        assertThat(changes).hasSizeGreaterThan(5);
        assertThat(changes(ring.get(0).all)).endsWith(changes.stream().skip(1).toArray(EvsEvent[]::new));
    }

    private static List<EvsEvent> changes(View view) {
        return view.events.stream().filter(ConfigChange.class::isInstance).toList();
    }

    @Test
    @Tag("P73")
    void whoSendsRightAfterItJoinedDuringAMergeSeesItsOwnMessageOnce() {
        List<Member> ring = ring(0, 3);
        ring.get(2).place.link.side = 1;
        await(() -> ring.get(0).isInRingOf(2) && ring.get(2).isInRingOf(1));
        ring.get(2).place.link.side = 0;
        List<View> late = new ArrayList<>();
        List<String> sent = new ArrayList<>();
        while (!ring.get(2).isInRingOf(3)) {
            View view = new View(ring.get(late.size() % 3).node);
            String text = "m" + late.size();
            view.handle.join("late").subscribe();
            view.handle.send(message(text, "late")).subscribe();
            late.add(view);
            sent.add(text);
            assertThat(late).as("a merge takes no longer than this").hasSizeLessThan(2_000);
            world.run(Duration.ofNanos(200_000));
        }
        world.run(Duration.ofSeconds(1));

        assertThat(late).hasSizeGreaterThan(3);
        for (int i = 0; i < late.size(); i++) {
            assertThat(late.get(i).texts()).as("at handle %d", i).containsOnlyOnce(sent.get(i));
        }
    }

    @Test
    @Tag("P75")
    void leavingAGroupAndJoiningItAgainAtOnceKeepsAllThatFollows() {
        List<Member> ring = ring(0, 2);
        View view = new View(ring.get(0).node);
        view.handle.join("g").subscribe();
        List<String> completed = new ArrayList<>();

        view.handle.leave("g").doOnSuccess(nothing -> completed.add("left")).subscribe();
        view.handle.join("g").doOnSuccess(nothing -> completed.add("joined")).subscribe();
        await(() -> completed.size() == 2);
        ring.get(1).all.handle.send(message("after", "g", "all")).subscribe();
        await(() -> ring.get(1).all.texts().contains("after"));
        world.run(Duration.ofMillis(50));

        assertThat(completed).containsExactly("left", "joined");
        assertThat(view.handle.groups()).containsExactly(GroupName.of("g"));
        assertThat(view.texts()).containsExactly("after");
    }
}

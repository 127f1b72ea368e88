/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.totem.core.ConfigurationException;
import dev.totem.core.EvsHandle;
import dev.totem.core.Guarantee;
import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.ProtocolFailureException;
import dev.totem.core.SendFailedException;
import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;
import dev.totem.core.internal.node.crossing.LoopMailbox;
import dev.totem.core.internal.node.environment.NodeEnvironment;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.test.StepVerifier;

/** What a caller gets wrong is answered to the caller, at once where it can be, and ends no node. */
class UserFaultsTest {

    private final LiveNode live = new LiveNode(NodeSettings.defaults());
    private final EvsHandle handle = live.node.openHandle();

    @AfterEach
    void theNodeGoesOn() {
        handle.join("g").block(LiveNode.LIMIT);
        handle.send(Message.to("g")).block(LiveNode.LIMIT);
        live.close();
    }

    @Test
    void nullsAreRefusedBeforeTheyReachTheLoop() {
        assertThatNullPointerException()
                .isThrownBy(() -> handle.send((Message) null))
                .withMessage("message");
        assertThatNullPointerException().isThrownBy(() -> handle.sendAll(null)).withMessage("messages");
        assertThatNullPointerException().isThrownBy(() -> handle.events(null)).withMessage("policy");
        assertThatNullPointerException()
                .isThrownBy(() -> handle.join("a", "b", null))
                .withMessage("more");
        assertThatNullPointerException()
                .isThrownBy(() -> handle.leave("a", (String) null))
                .withMessage("more");
        assertThatNullPointerException()
                .isThrownBy(() -> Message.to("a", (String) null))
                .withMessage("more");
        assertThatNullPointerException()
                .isThrownBy(() -> live.node.openHandle(null))
                .withMessage("scheduler");
    }

    @Test
    void valuesThatCannotWorkAreRefusedBeforeTheyReachTheLoop() {
        for (int key : List.of(-1, 0, 256, Integer.MIN_VALUE)) {
            refused("key", () -> live.node.rekey(key));
        }
        refused("group", () -> handle.join("a", ""));
        refused("groups", () -> new Message(groups(Message.GROUPS_MAX + 1), Guarantee.AGREED, new byte[0]));
        Duration ages = Duration.ofSeconds(Long.MAX_VALUE);
        refused("close-limit", () -> TotemConfig.builder().set(Settings.CLOSE_LIMIT, ages));
        refused("stall-limit", () -> TotemConfig.builder().set(Settings.STALL_LIMIT, ages));
        refused("token", () -> TotemConfig.builder().token(ages));
        refused("consensus", () -> TotemConfig.builder().set(Settings.CONSENSUS, ages));
        refused("merge", () -> TotemConfig.builder().set(Settings.MERGE, ages));
        refused("hold", () -> TotemConfig.builder().set(Settings.HOLD, ages.negated()));
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void aListBuiltPastTheCompilerIsRefusedWhereTheMessageIsMade() {
        List raw = List.of("not a group");

        assertThatExceptionOfType(ClassCastException.class)
                .isThrownBy(() -> new Message(raw, Guarantee.AGREED, new byte[0]));
    }

    private static List<dev.totem.core.GroupName> groups(int count) {
        return Collections.nCopies(count, dev.totem.core.GroupName.of("g"));
    }

    private static void refused(String setting, Supplier<Object> call) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(call::get)
                .satisfies(refusal -> assertThat(refusal.setting()).isEqualTo(setting));
    }

    @Test
    void anActionOnBoundThatThrowsFailsTheStartOnly() {
        LiveNode.Loop loop = new LiveNode.Loop();
        NodeEnvironment environment = new NodeEnvironment(
                new LiveNode.NowhereLink(), loop, new StepWorld.PlainSeal(), new StepWorld.Disk(), new Random(1));

        StepVerifier.create(RunningNode.start(NodeId.of(1), NodeSettings.defaults(), environment, node -> {
                    throw new IllegalStateException("of the user");
                }))
                .expectErrorSatisfies(reason -> assertThat(reason)
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("onBound")
                        .hasRootCauseMessage("of the user"))
                .verify(LiveNode.LIMIT);
        loop.executor.shutdown();
    }

    private static Stream<Error> errors() {
        return Stream.of(
                new OutOfMemoryError("no thread"), new AssertionError("of a seal"), new NoSuchFieldError("old"));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void anErrorWhileANodeIsMadeFailsTheStart(Error error) {
        LiveNode.Loop loop = new LiveNode.Loop();
        LiveNode.NowhereLink link = new LiveNode.NowhereLink() {
            @Override
            public void start(Receiver receiver) {
                throw error;
            }
        };
        NodeEnvironment environment =
                new NodeEnvironment(link, loop, new StepWorld.PlainSeal(), new StepWorld.Disk(), new Random(1));

        StepVerifier.create(RunningNode.start(NodeId.of(1), NodeSettings.defaults(), environment, node -> {}))
                .expectErrorSatisfies(reason -> assertThat(reason).isSameAs(error))
                .verify(LiveNode.LIMIT);
        loop.executor.shutdown();
    }

    @Test
    void aCallThatCannotBeServedFailsAloneAndABrokenInvariantFailsTheBatch() {
        Queue<Runnable> executed = new ArrayDeque<>();
        List<RuntimeException> broken = new ArrayList<>();
        LoopMailbox mailbox = new LoopMailbox(
                new LiveNode.Loop() {
                    @Override
                    public void execute(Runnable task) {
                        executed.add(task);
                    }
                },
                new LoopMailbox.Batches() {
                    @Override
                    public void batch(Runnable work) {
                        try {
                            work.run();
                        } catch (RuntimeException defect) {
                            broken.add(defect);
                        }
                    }

                    @Override
                    public void abandoned() {}
                });
        AtomicReference<RuntimeException> failed = new AtomicReference<>();
        List<String> served = new ArrayList<>();

        mailbox.serve(
                () -> {
                    throw new IllegalStateException("one call");
                },
                failed::set);
        mailbox.serve(() -> served.add("next"), failed::set);
        executed.remove().run();

        assertThat(failed.get()).hasMessage("one call");
        assertThat(served).containsExactly("next");
        assertThat(broken).isEmpty();

        mailbox.serve(
                () -> {
                    throw new ProtocolFailureException("invariant");
                },
                failed::set);
        executed.remove().run();
        assertThat(broken).hasSize(1);
        assertThat(failed.get()).hasMessage("one call");
    }

    @ParameterizedTest
    @EnumSource(names = {"SCHEDULE", "NOW"})
    void aSchedulerThatThrowsEndsTheHandleItWasGivenTo(FailingScheduler.Call failing) {
        for (Throwable thrown : List.of(new IllegalStateException("of the user"), new OutOfMemoryError("no thread"))) {
            FailingScheduler scheduler = new FailingScheduler(failing, thrown);
            EvsHandle unlucky = live.node.openHandle(scheduler);
            unlucky.join("g").block(LiveNode.LIMIT);

            StepVerifier.create(unlucky.events())
                    .expectNextCount(1)
                    .then(() -> {
                        scheduler.isFailing = true;
                        handle.join("g").then(handle.send(Message.to("g"))).block(LiveNode.LIMIT);
                    })
                    .thenConsumeWhile(event -> true)
                    .expectErrorSatisfies(reason -> assertThat(reason)
                            .isInstanceOf(ConfigurationException.class)
                            .hasMessageContaining("scheduler=")
                            .hasCause(thrown))
                    .verify(LiveNode.LIMIT);
            StepVerifier.create(unlucky.send(Message.to("g")))
                    .expectError(SendFailedException.class)
                    .verify(LiveNode.LIMIT);
            unlucky.close().block(LiveNode.LIMIT);
        }
    }

    @Test
    void aSchedulerThatThrowsWhenItsWorkerIsGivenBackLetsTheHandleClose() {
        FailingScheduler scheduler =
                new FailingScheduler(FailingScheduler.Call.DISPOSE, new IllegalStateException("of the user"));
        EvsHandle unlucky = live.node.openHandle(scheduler);
        scheduler.isFailing = true;

        unlucky.close().block(LiveNode.LIMIT);
    }
}

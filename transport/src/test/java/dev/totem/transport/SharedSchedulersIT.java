/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.TotemNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The application occupies every thread that it shares with others: the protocol uses none of them. */
class SharedSchedulersIT {

    private static final int BLOCKED_TASKS = 3_000;
    private static final long LIMIT_SECONDS = 10;

    private final CountDownLatch end = new CountDownLatch(1);
    private final Scheduler own = Schedulers.newSingle("test-own", true);

    @TempDir
    Path directory;

    @AfterEach
    void release() {
        end.countDown();
        own.dispose();
    }

    private void block() {
        for (int i = 0; i < BLOCKED_TASKS; i++) {
            Schedulers.boundedElastic().schedule(this::waitForTheEnd);
            Schedulers.parallel().schedule(this::waitForTheEnd);
            ForkJoinPool.commonPool().execute(this::waitForTheEnd);
        }
    }

    private void waitForTheEnd() {
        try {
            end.await();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletableFuture<ConfigChange> configurationOf(TotemNode node, int members) {
        return node.openHandle(own)
                .configChanges()
                .filter(change -> change.isRegular() && change.members().size() == members)
                .next()
                .toFuture();
    }

    @Test
    void aMemberLeavesAndComesBackWhileAllSharedThreadsAreBlocked() throws Exception {
        try (LoopbackNodes nodes =
                new LoopbackNodes(directory, 41, 3, config -> config.token(Duration.ofMillis(500)))) {
            nodes.start().block(LoopbackNodes.LIMIT);
            TotemNode observer = nodes.node(41);
            block();

            CompletableFuture<ConfigChange> two = configurationOf(observer, 2);
            nodes.leave(43).subscribe();
            assertThat(two.get(LIMIT_SECONDS, TimeUnit.SECONDS).members()).hasSize(2);

            CompletableFuture<ConfigChange> three = configurationOf(observer, 3);
            nodes.startAgain(43);
            assertThat(three.get(LIMIT_SECONDS, TimeUnit.SECONDS).members()).hasSize(3);
            end.countDown();
        }
    }
}

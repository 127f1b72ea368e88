/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.blocks.FencedLock;
import dev.totem.blocks.LeaderElection;
import dev.totem.core.Quorum;
import dev.totem.core.TotemNode;
import dev.totem.testkit.TestRing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.integration.leader.AbstractCandidate;
import org.springframework.integration.leader.Context;
import org.springframework.integration.leader.DefaultCandidate;
import org.springframework.integration.leader.event.OnGrantedEvent;
import org.springframework.integration.leader.event.OnRevokedEvent;
import org.springframework.integration.support.leader.LockRegistryLeaderInitiator;

class TotemLeaderInitiatorTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Quorum MAJORITY = Quorum.parse("majority:3");

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final List<LeaderElection> elections = new ArrayList<>();
    private TestRing ring;

    @BeforeEach
    void aRing() {
        ring = TestRing.of(3, settings -> settings.quorum(MAJORITY));
        ring.awaitOneRing().block(LIMIT);
        for (TotemNode node : ring.nodes()) {
            elections.add(LeaderElection.of("leaders", MAJORITY)
                    .lease(Duration.ofMillis(600))
                    .open(node)
                    .block(LIMIT));
        }
    }

    @AfterEach
    void close() {
        ring.close();
    }

    private LeaderElection election(int node) {
        return elections.get(node - 1);
    }

    private String next() throws InterruptedException {
        String event = events.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        return event;
    }

    /** Says what it is told. */
    private final class Told extends AbstractCandidate {

        Told(String id) {
            super(id, "job");
        }

        @Override
        public void onGranted(Context context) throws InterruptedException {
            events.add(getId() + " granted" + (context.isLeader() ? "" : ", but leads not"));
        }

        @Override
        public void onRevoked(Context context) {
            events.add(getId() + " revoked");
        }
    }

    @Test
    void oneLeadsAndTheNextWhenItStopsYieldsOrIsCutOff() throws Exception {
        LeaderElection one = election(1);
        TotemLeaderInitiator first = new TotemLeaderInitiator(one, new Told("first"));
        TotemLeaderInitiator second = new TotemLeaderInitiator(election(2), new Told("second"));
        assertThat(first.getContext().isLeader()).isFalse();
        first.start();
        assertThat(next()).isEqualTo("first granted");
        assertThat(first.getContext().isLeader()).isTrue();
        second.start();
        assertThat(second.getContext().isLeader()).isFalse();

        // Who yields before the other one stands is elected again.
        String next;
        do {
            first.getContext().yield();
            assertThat(next()).isEqualTo("first revoked");
            next = next();
        } while (next.equals("first granted"));
        assertThat(next).isEqualTo("second granted");

        second.stop();
        assertThat(next()).isEqualTo("second revoked");
        assertThat(next()).isEqualTo("first granted");
        assertThat(second.isRunning()).isFalse();

        second.start();
        ring.partition(1);
        // The first one leads no more before the second one does, and may be told so later.
        assertThat(List.of(next(), next())).containsExactlyInAnyOrder("first revoked", "second granted");
        assertThat(first.getContext().isLeader()).isFalse();
        second.destroy();
        first.destroy();
        assertThat(next()).isEqualTo("second revoked");
        assertThat(events).isEmpty();
    }

    /** Works until it is interrupted. */
    private final class Working extends AbstractCandidate {

        private final CountDownLatch never = new CountDownLatch(1);

        Working() {
            super("working", "job");
        }

        @Override
        public void onGranted(Context context) throws InterruptedException {
            events.add("begins");
            try {
                never.await();
            } catch (InterruptedException revoked) {
                events.add("interrupted");
                throw revoked;
            }
        }

        @Override
        public void onRevoked(Context context) {
            events.add("revoked");
        }
    }

    @Test
    void interruptsACandidateThatWorksWhenItLeadsNoMore() throws Exception {
        TotemLeaderInitiator initiator = new TotemLeaderInitiator(election(1), new Working());
        initiator.start();
        assertThat(next()).isEqualTo("begins");
        ring.partition(1);
        assertThat(next()).isEqualTo("interrupted");
        assertThat(next()).isEqualTo("revoked");
        ring.heal();
        assertThat(next()).isEqualTo("begins");
        initiator.stop();
        assertThat(next()).isEqualTo("interrupted");
        assertThat(next()).isEqualTo("revoked");
    }

    /** Fails once. */
    private final class Failing extends AbstractCandidate {

        private boolean hasFailed;

        Failing() {
            super("failing", "job");
        }

        @Override
        public void onGranted(Context context) {
            if (!hasFailed) {
                hasFailed = true;
                throw new IllegalStateException("broken");
            }
            events.add("granted");
        }

        @Override
        public void onRevoked(Context context) {
            events.add("revoked");
        }
    }

    @Test
    void aCandidateThatFailsIsRevokedAndStandsAgain() throws Exception {
        TotemLeaderInitiator initiator = new TotemLeaderInitiator(election(1), new Failing());
        initiator.start();
        assertThat(next()).isEqualTo("revoked");
        assertThat(next()).isEqualTo("granted");
        initiator.stop();
        assertThat(next()).isEqualTo("revoked");
    }

    /** Hears what the initiator publishes. */
    static final class Listener {

        private final BlockingQueue<String> events;

        Listener(BlockingQueue<String> events) {
            this.events = events;
        }

        @EventListener
        void granted(OnGrantedEvent event) {
            events.add("event: granted " + event.getRole());
        }

        @EventListener
        void revoked(OnRevokedEvent event) {
            events.add("event: revoked " + event.getRole());
        }
    }

    @Test
    void publishesEventsOfTheContext() throws Exception {
        LeaderElection election = election(1);
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.registerBean(Listener.class, () -> new Listener(events));
            context.registerBean(
                    TotemLeaderInitiator.class,
                    () -> new TotemLeaderInitiator(election, new DefaultCandidate("me", "job")));
            context.refresh();
            assertThat(next()).isEqualTo("event: granted job");
        }
        assertThat(next()).isEqualTo("event: revoked job");
    }

    /** The initiator that Spring Integration has itself, on the lock registry. */
    @Test
    void theInitiatorOfSpringIntegrationFindsOutThatItHasLostItsLock() throws Exception {
        FencedLock locks = FencedLock.of("locks", MAJORITY)
                .lease(Duration.ofMillis(600))
                .open(ring.node(1))
                .block(LIMIT);
        FencedLock.of("locks", MAJORITY).open(ring.node(2)).block(LIMIT);
        FencedLock.of("locks", MAJORITY).open(ring.node(3)).block(LIMIT);
        LockRegistryLeaderInitiator initiator =
                new LockRegistryLeaderInitiator(new TotemLockRegistry(locks), new Told("first"));
        initiator.setHeartBeatMillis(50);
        initiator.setBusyWaitMillis(20);
        initiator.setApplicationEventPublisher(event -> {});
        initiator.start();
        try {
            assertThat(next()).isEqualTo("first granted");
            ring.partition(1);
            assertThat(next()).isEqualTo("first revoked");
            ring.heal();
            assertThat(next()).isEqualTo("first granted");
        } finally {
            initiator.stop();
        }
        assertThat(next()).isEqualTo("first revoked");
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.integration;

import static java.util.Objects.requireNonNull;

import dev.totem.blocks.LeaderElection;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationEventPublisherAware;
import org.springframework.context.SmartLifecycle;
import org.springframework.integration.leader.Candidate;
import org.springframework.integration.leader.Context;
import org.springframework.integration.leader.event.DefaultLeaderEventPublisher;
import org.springframework.integration.leader.event.LeaderEventPublisher;
import reactor.core.publisher.Mono;

/**
 * Stands for an election with a {@link Candidate} of Spring Integration as long as the context runs: the candidate is granted the
 * leadership, and revoked it, and {@code OnGrantedEvent} and {@code OnRevokedEvent} are published. Any thread.
 *
 * <p>The election is the candidate's role. Candidate and listeners are called one after another on a thread of the initiator's own; a
 * {@code onGranted} that blocks is interrupted when the leadership is over. Whether this instance leads is told by {@link
 * Context#isLeader()}, which knows a lost lease at once; the revocation comes some time after it, so what must not be done twice asks
 * there.
 *
 * <p>What a candidate throws from {@code onGranted} revokes it, and it stands again a second later.
 */
public final class TotemLeaderInitiator implements SmartLifecycle, DisposableBean, ApplicationEventPublisherAware {

    /** Before the web server and everything that waits for work, so that another instance leads by then. */
    private static final int PHASE = DEFAULT_PHASE - 512;

    private final Mono<LeaderElection> elections;
    private final Candidate candidate;
    private ApplicationEventPublisher application = event -> {};
    private @Nullable LeaderEventPublisher given;
    private volatile @Nullable Standing standing;

    /** On this block. */
    public TotemLeaderInitiator(LeaderElection elections, Candidate candidate) {
        this(Mono.just(requireNonNull(elections, "elections")), candidate);
    }

    /**
     * On a block that may not be open yet.
     *
     * @param elections subscribed at each start; a cached Mono, as {@code TotemBlocks.election} gives it
     * @throws IllegalArgumentException if the candidate has no role
     */
    public TotemLeaderInitiator(Mono<LeaderElection> elections, Candidate candidate) {
        this.elections = requireNonNull(elections, "elections");
        this.candidate = requireNonNull(candidate, "candidate");
        String role = candidate.getRole();
        if (role == null || role.isEmpty()) {
            throw new IllegalArgumentException("the candidate " + candidate + " has no role, which names its election");
        }
    }

    /** Takes the place of the one that publishes events of the application. Before the start. */
    public void setLeaderEventPublisher(LeaderEventPublisher publisher) {
        given = requireNonNull(publisher, "publisher");
    }

    @Override
    public void setApplicationEventPublisher(ApplicationEventPublisher publisher) {
        application = requireNonNull(publisher, "publisher");
    }

    /** Of this start; while it does not run, that of nobody who leads. */
    public Context getContext() {
        Standing now = standing;
        return now == null ? () -> false : now.context();
    }

    @Override
    public synchronized void start() {
        if (standing == null) {
            LeaderEventPublisher events = given == null ? new DefaultLeaderEventPublisher(application) : given;
            Standing begun = new Standing(this, elections, candidate, events);
            standing = begun;
            begun.start();
        }
    }

    /** The candidate is revoked, then another one may lead; waits for both, at most 5 s each. */
    @Override
    public synchronized void stop() {
        Standing ended = standing;
        standing = null;
        if (ended != null) {
            ended.stop();
        }
    }

    @Override
    public boolean isRunning() {
        return standing != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public void destroy() {
        stop();
    }
}

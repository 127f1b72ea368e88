/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.integration;

import dev.totem.blocks.LeaderElection;
import dev.totem.blocks.Leadership;
import dev.totem.core.Position;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.integration.leader.Candidate;
import org.springframework.integration.leader.Context;
import org.springframework.integration.leader.event.LeaderEventPublisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** One start of an initiator: what is told by the election comes to the candidate on one thread. */
final class Standing {

    private static final Logger LOG = LoggerFactory.getLogger(TotemLeaderInitiator.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Before a candidate that has failed stands again. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Object source;
    private final Mono<LeaderElection> elections;
    private final Candidate candidate;
    private final LeaderEventPublisher events;
    private final Context context = new OwnContext();
    private final ExecutorService worker;
    private final Disposable.Swap candidacy = Disposables.swap();
    private volatile @Nullable LeaderElection open;
    private volatile @Nullable Future<?> granting;
    private volatile boolean isStopped;
    private @Nullable Position term;

    Standing(Object source, Mono<LeaderElection> elections, Candidate candidate, LeaderEventPublisher events) {
        this.source = source;
        this.elections = elections;
        this.candidate = candidate;
        this.events = events;
        this.worker = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "totem-leader-" + candidate.getRole());
            thread.setDaemon(true);
            return thread;
        });
    }

    Context context() {
        return context;
    }

    void start() {
        stand(Mono.empty());
    }

    private void stand(Mono<?> before) {
        candidacy.update(before.then(elections)
                .doOnNext(opened -> open = opened)
                .flatMapMany(opened -> opened.candidate(candidate.getRole()))
                .subscribe(
                        this::told,
                        failure -> {
                            LOG.error("{} stands no more: {}", candidate, failure.toString());
                            over();
                        },
                        this::over));
    }

    /** By the election, one after another. */
    private void told(Leadership now) {
        Optional<Position> own = now.isOwn() ? now.term() : Optional.empty();
        interruptGranting();
        enqueue(() -> {
            if (!Optional.ofNullable(term).equals(own)) {
                revoke();
                own.ifPresent(this::enqueueGrant);
            }
        });
    }

    private void enqueueGrant(Position began) {
        FutureTask<?> task = new FutureTask<>(() -> grant(began), null);
        granting = task;
        enqueue(task);
    }

    private void over() {
        interruptGranting();
        enqueue(this::revoke);
    }

    private void enqueue(Runnable work) {
        try {
            worker.execute(work);
        } catch (RejectedExecutionException stopped) {
            LOG.debug("{} has stopped", candidate);
        }
    }

    private void interruptGranting() {
        Future<?> under = granting;
        if (under != null) {
            under.cancel(true);
        }
    }

    // on the worker

    private void grant(Position began) {
        if (isStopped || !isLeading()) {
            return;
        }
        term = began;
        try {
            candidate.onGranted(context);
            publish("OnGranted", () -> events.publishOnGranted(source, context, candidate.getRole()));
        } catch (InterruptedException revoked) {
            LOG.debug("{} was interrupted, as it leads no more", candidate);
        } catch (Exception failed) {
            LOG.error("{} has failed, and stands again in {}", candidate, PAUSE, failed);
            revoke();
            stand(Mono.delay(PAUSE));
        }
    }

    private void revoke() {
        if (term == null) {
            return;
        }
        term = null;
        try {
            candidate.onRevoked(context);
        } catch (RuntimeException failed) {
            LOG.error("{} has failed when it was revoked", candidate, failed);
        }
        publish("OnRevoked", () -> events.publishOnRevoked(source, context, candidate.getRole()));
    }

    private void publish(String what, Runnable event) {
        try {
            event.run();
        } catch (RuntimeException failed) {
            LOG.warn("a listener of {} of {} has failed", what, candidate, failed);
        }
    }

    // any thread

    private boolean isLeading() {
        LeaderElection opened = open;
        return opened != null && opened.isLeading(candidate.getRole());
    }

    void stop() {
        isStopped = true;
        interruptGranting();
        try {
            worker.submit(this::revoke).get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            LOG.warn("{} has not ended in {}: {}", candidate, LIMIT, late.toString());
        }
        LeaderElection opened = open;
        candidacy.dispose();
        worker.shutdownNow();
        if (opened != null) {
            handOver(opened);
        }
    }

    /** Withdrawn already: so this waits until the others know. */
    private void handOver(LeaderElection opened) {
        try {
            opened.resign(candidate.getRole()).toFuture().get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            LOG.warn(
                    "the leadership of {} is not handed over, and ends with its lease: {}", candidate, late.toString());
        }
    }

    /** What the candidate knows of its leadership. */
    private final class OwnContext implements Context {

        @Override
        public boolean isLeader() {
            return isLeading();
        }

        @Override
        public void yield() {
            interruptGranting();
            enqueue(() -> {
                LeaderElection opened = open;
                if (term != null && opened != null) {
                    revoke();
                    opened.resign(candidate.getRole())
                            .subscribe(
                                    nothing -> {},
                                    late -> LOG.warn("{} has not resigned: {}", candidate, late.toString()));
                }
            });
        }

        @Override
        public String getRole() {
            return candidate.getRole();
        }

        @Override
        public String toString() {
            return candidate + (isLeader() ? " leads" : " does not lead");
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.blocks.LeaderElection;
import dev.totem.blocks.Leadership;
import dev.totem.spring.boot.TotemLeadership;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The elections that methods name: this instance stands for them while the context runs, on whose thread it starts and stops. */
public final class Elections implements TotemLeadership, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Elections.class);

    /** A part without a quorum hands nothing over; its lease ends by itself. */
    private static final Duration HANDOVER_LIMIT = Duration.ofSeconds(5);

    private final LeaderOnlyMethods methods;
    private final boolean hasQuorum;
    private final Mono<LeaderElection> opening;
    private volatile @Nullable LeaderElection open;
    private volatile Map<String, Disposable> candidates = Map.of();

    public Elections(LeaderOnlyMethods methods, boolean hasQuorum, Mono<LeaderElection> opening) {
        this.methods = methods;
        this.hasQuorum = hasQuorum;
        this.opening = opening;
    }

    @Override
    public boolean isLeading(String election) {
        LeaderElection elections = open;
        return elections != null && elections.isLeading(election);
    }

    @Override
    public Flux<Leadership> watch(String election) {
        return opening.flatMapMany(elections -> elections.watch(election));
    }

    @Override
    public Mono<Void> resign(String election) {
        return opening.flatMap(elections -> elections.resign(election));
    }

    @Override
    public void start() {
        List<String> names = methods.elections();
        if (!names.isEmpty() && !hasQuorum) {
            LOG.warn(
                    "totem.quorum is none, so each part of a partitioned network has a leader for {}; set it, for example to"
                            + " majority:3",
                    names);
        }
        Map<String, Disposable> standing = new TreeMap<>();
        names.forEach(name -> standing.put(name, stand(name)));
        candidates = standing;
    }

    private Disposable stand(String name) {
        return opening.doOnNext(elections -> open = elections)
                .flatMapMany(elections -> elections.candidate(name))
                .subscribe(
                        leadership -> LOG.info(
                                "{}: {}",
                                name,
                                leadership.isOwn()
                                        ? "this instance leads"
                                        : leadership
                                                .leader()
                                                .map(node -> "node " + node + " leads")
                                                .orElse("nobody leads")),
                        failure -> LOG.error("this instance stands for {} no more: {}", name, failure.toString()));
    }

    @Override
    public void stop() {
        handingOver().block();
    }

    @Override
    public void stop(Runnable done) {
        handingOver().doFinally(signal -> done.run()).subscribe(nothing -> {}, this::logHandover);
    }

    /** Leads no more from the call on; completes when the others know, so that one of them may lead. */
    private Mono<Void> handingOver() {
        Map<String, Disposable> standing = candidates;
        candidates = Map.of();
        LeaderElection elections = open;
        List<String> leading =
                standing.keySet().stream().filter(this::isLeading).toList();
        open = null;
        // Withdrawn before it resigns: who stands alone would be elected again.
        standing.values().forEach(Disposable::dispose);
        if (elections == null || leading.isEmpty()) {
            return Mono.empty();
        }
        return Flux.fromIterable(leading)
                .flatMap(elections::resign)
                .then()
                .timeout(HANDOVER_LIMIT)
                .onErrorResume(late -> {
                    logHandover(late);
                    return Mono.empty();
                });
    }

    private void logHandover(Throwable late) {
        LOG.warn("a leadership was not handed over, and ends with its lease: {}", late.toString());
    }

    @Override
    public boolean isRunning() {
        return !candidates.isEmpty();
    }

    @Override
    public int getPhase() {
        return Phases.LEADERSHIP;
    }
}

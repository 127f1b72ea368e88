/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.blocks.LeaderElection;
import dev.totem.blocks.Leadership;
import dev.totem.spring.boot.LeaderOnly;
import dev.totem.spring.boot.TotemLeadership;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.ReactiveAdapterRegistry;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The elections that methods name: this instance stands for them while the context runs, on whose thread it starts and stops. */
public final class Elections implements TotemLeadership, SmartInitializingSingleton, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Elections.class);

    /** A part without a quorum hands nothing over; its lease ends by itself. */
    private static final Duration HANDOVER_LIMIT = Duration.ofSeconds(5);

    private final ConfigurableListableBeanFactory beans;
    private final boolean hasQuorum;
    private final Mono<LeaderElection> opening;
    private volatile @Nullable LeaderElection open;
    private volatile Map<String, Disposable> candidates = Map.of();
    private volatile List<String> names = List.of();

    public Elections(ConfigurableListableBeanFactory beans, boolean hasQuorum, Mono<LeaderElection> opening) {
        this.beans = beans;
        this.hasQuorum = hasQuorum;
        this.opening = opening;
    }

    String nameOf(LeaderOnly annotation) {
        return String.valueOf(beans.resolveEmbeddedValue(annotation.value()));
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<AnnotatedMethods.Found<LeaderOnly>> found = AnnotatedMethods.findAlsoByClass(beans, LeaderOnly.class);
        found.forEach(one -> refuseValues(one.method()));
        names = found.stream()
                .map(one -> nameOf(one.annotation()))
                .distinct()
                .sorted()
                .toList();
        if (!names.isEmpty() && !hasQuorum) {
            LOG.warn(
                    "totem.quorum is none, so each part of a partitioned network has a leader for {}; set it, for example to"
                            + " majority:3",
                    names);
        }
    }

    private static void refuseValues(Method method) {
        Class<?> type = method.getReturnType();
        if (type != void.class && ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) == null) {
            throw new IllegalStateException(
                    "the @LeaderOnly " + method.toGenericString()
                            + " returns a value, and there is none where this instance does not lead: return void or a reactive type");
        }
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

    /** Whether this instance leads, by election, for people. */
    public SortedMap<String, Boolean> describe() {
        SortedMap<String, Boolean> described = new TreeMap<>();
        names.forEach(name -> described.put(name, isLeading(name)));
        return described;
    }

    @Override
    public void start() {
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

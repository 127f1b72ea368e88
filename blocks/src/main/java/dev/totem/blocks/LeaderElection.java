/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.blocks.internal.Host;
import dev.totem.core.ConfigurationException;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Elections by name, each with at most one leader among its candidates. Any thread.
 *
 * <p>A leader leads until it resigns, ends, or loses its {@linkplain BlockBuilder#lease lease}, as the holder of a {@link
 * FencedLock} does: it is told that it does not lead any more before anybody else is told that it does, so terms do not overlap
 * in time. The next leader is the candidate with the greatest priority, and of those the one that was first. A candidate with a
 * greater priority than the leader waits like the others.
 */
public final class LeaderElection implements Block {

    private final ReplicatedState<ClaimMachine, ClaimCommand, Position> state;
    private final Host<ClaimMachine, ClaimCommand, Position> host;
    private final Claims claims;
    private final Map<String, Election> elections = new ConcurrentHashMap<>();
    private @Nullable ClaimMachine current;
    private boolean isInState;

    private LeaderElection(ReplicatedState<ClaimMachine, ClaimCommand, Position> state) {
        this.state = state;
        this.host = state.host();
        this.claims = new Claims(host);
        host.observe(new Host.Observer<>() {
            @Override
            public void applied(ClaimMachine machine) {
                current = machine;
                List.copyOf(elections.values()).forEach(Election::tell);
            }

            @Override
            public void status(StateStatus now) {
                isInState = now.phase() == StateStatus.Phase.IN_STATE;
                List.copyOf(elections.values()).forEach(Election::tell);
            }
        });
        host.end()
                .subscribe(
                        nothing -> {},
                        stopped -> host.run(() -> elections.values().forEach(one -> one.sink.tryEmitError(stopped))),
                        () -> host.run(() -> elections.values().forEach(one -> one.sink.tryEmitComplete())));
    }

    /**
     * Elections to be opened.
     *
     * @param name of the block, the same at all nodes; 1 to 96 bytes
     * @param quorum which replicas may decide, the same at all nodes
     */
    public static BlockBuilder<LeaderElection> of(String name, Quorum quorum) {
        return BlockBuilder.of(
                "lead",
                requireNonNull(name, "name"),
                requireNonNull(quorum, "quorum"),
                (node, settings, instance) -> ReplicatedState.open(
                                node, settings, instance, ClaimMachine::new, ClaimCommand.CODEC)
                        .map(LeaderElection::new));
    }

    /** {@link #candidate(String, int)} with the priority 0. */
    public Flux<Leadership> candidate(String election) {
        return candidate(election, 0);
    }

    /**
     * Stands for an election as long as it is subscribed, whatever happens to the ring meanwhile, and tells who leads as {@link
     * #watch} does.
     *
     * @param priority greater ones are elected first
     */
    public Flux<Leadership> candidate(String election, int priority) {
        return Flux.defer(() -> {
            Candidate candidate = new Candidate(named(election), priority);
            return Mono.fromRunnable(() -> host.run(candidate::stand))
                    .thenMany(watch(election))
                    .doFinally(signal -> host.run(candidate::withdraw));
        });
    }

    /**
     * Who leads: now, and whenever that changes. A subscriber that does not keep up is told the latest. Completes when the block is
     * closed or its node leaves; fails with {@link ReplicaStoppedException}. Any number of subscribers.
     */
    public Flux<Leadership> watch(String election) {
        named(election);
        return host.call(() -> election(election)).flatMapMany(one -> one.sink.asFlux());
    }

    /** Whether this node leads at this moment, by this machine's clock; cheap, any thread. Nobody else leads while it does. */
    public boolean isLeading(String election) {
        Election known = elections.get(requireNonNull(election, "election"));
        return known != null
                && known.candidates.stream().anyMatch(candidate -> candidate.term != null)
                && host.isLeased();
    }

    /**
     * If this node leads, it stops, and stands again behind the candidates of its priority. Completes when the next one may lead:
     * about a rotation. Cancelling changes nothing.
     */
    public Mono<Void> resign(String election) {
        named(election);
        return host.<Void>call(() -> {
                    claims.resign(election);
                    return null;
                })
                .then(host.latest());
    }

    private static String named(String election) {
        if (requireNonNull(election, "election").isEmpty()) {
            throw new ConfigurationException("election", election, "an election has a name");
        }
        return election;
    }

    private Election election(String name) {
        Election known = elections.get(name);
        if (known != null) {
            return known;
        }
        Election election = new Election(name);
        elections.put(name, election);
        election.tell();
        if (host.isOver()) {
            election.sink.tryEmitComplete();
        }
        return election;
    }

    /** One election, as those on this node see it. The replica's thread, but for the sink's subscribers. */
    private final class Election {

        private final String name;
        private final Sinks.Many<Leadership> sink = Sinks.many().replay().latest();
        private final List<Candidate> candidates = new CopyOnWriteArrayList<>();
        private @Nullable Leadership told;

        Election(String name) {
            this.name = name;
        }

        void tell() {
            Leadership now = now();
            if (!now.equals(told)) {
                told = now;
                sink.tryEmitNext(now);
            }
        }

        private Leadership now() {
            for (Candidate candidate : candidates) {
                Position term = candidate.term;
                if (term != null) {
                    return new Leadership(name, Optional.of(host.member().node()), Optional.of(term), true);
                }
            }
            ClaimMachine machine = current;
            if (machine == null || !isInState) {
                return Leadership.nobody(name);
            }
            return machine.held(name)
                    .filter(held -> !held.claim().member().equals(host.member()))
                    .map(held -> new Leadership(
                            name, Optional.of(held.claim().member().node()), Optional.of(held.token()), false))
                    .orElseGet(() -> Leadership.nobody(name));
        }
    }

    /** One who stands. The replica's thread. */
    private final class Candidate implements Claims.Owner {

        private final String name;
        private final int priority;
        private Claims.@Nullable Claim claim;
        private volatile @Nullable Position term;

        Candidate(String name, int priority) {
            this.name = name;
            this.priority = priority;
        }

        void stand() {
            election(name).candidates.add(this);
            claim = claims.claim(name, priority, true, this);
        }

        void withdraw() {
            Claims.Claim made = claim;
            if (made != null) {
                changed(null);
                election(name).candidates.remove(this);
                claims.withdraw(made, gone -> {});
            }
        }

        private void changed(@Nullable Position next) {
            term = next;
            election(name).tell();
        }

        @Override
        public void granted(Position token) {
            changed(token);
        }

        @Override
        public void lost(String why) {
            changed(null);
        }

        @Override
        public void failed(Throwable reason) {
            changed(null);
        }
    }

    // the block

    @Override
    public Member member() {
        return state.member();
    }

    @Override
    public Flux<StateStatus> status() {
        return state.status();
    }

    @Override
    public Mono<Void> inState() {
        return state.inState();
    }

    /** It leads nowhere any more, first. */
    @Override
    public Mono<Void> close() {
        return host.<Void>call(() -> {
                    claims.end("the block was closed");
                    return null;
                })
                .then(state.close());
    }
}

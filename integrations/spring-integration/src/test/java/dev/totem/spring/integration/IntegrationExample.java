/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.integration;

import dev.totem.blocks.FencedLock;
import dev.totem.blocks.LeaderElection;
import java.time.Duration;
import org.springframework.integration.leader.Candidate;
import org.springframework.integration.support.locks.DistributedLock;
import org.springframework.integration.support.locks.LockRegistry;
import reactor.core.publisher.Mono;

/** The code in docs/SPRING.md. */
final class IntegrationExample {

    private IntegrationExample() {}

    // example:integration
    /** Beans, with a {@code Mono<FencedLock>} and a {@code Mono<LeaderElection>} as in the section on blocks. */
    static LockRegistry<DistributedLock> lockRegistry(Mono<FencedLock> locks) {
        return new TotemLockRegistry(locks, Duration.ofSeconds(5));
    }

    static TotemLeaderInitiator leaderInitiator(Mono<LeaderElection> elections, Candidate candidate) {
        return new TotemLeaderInitiator(elections, candidate);
    }
    // example:end
}

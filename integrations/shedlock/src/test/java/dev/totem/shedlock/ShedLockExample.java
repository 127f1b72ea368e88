/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.shedlock;

import dev.totem.blocks.FencedLock;
import java.time.Duration;
import net.javacrumbs.shedlock.core.LockProvider;
import reactor.core.publisher.Mono;

/** What docs/SPRING.md shows. */
final class ShedLockExample {

    private ShedLockExample() {}

    // example:shedlock
    /** A bean, with the one of the section on blocks. */
    static LockProvider lockProvider(Mono<FencedLock> locks) {
        return new TotemLockProvider(locks, Duration.ofSeconds(5));
    }
    // example:end
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.blocks.internal.Host;
import dev.totem.core.Position;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A lock that is held, until it is released or lost. Any thread.
 *
 * <p>A resource outside the ring is safe from a holder that does not know yet that it has lost only if it is told the token with
 * each access and refuses one that is less than the greatest it has seen.
 */
public final class Lease {

    private final String name;
    private final Position position;
    private final BooleanSupplier isLeased;
    private final Sinks.One<String> lost = Sinks.one();
    private final Mono<Position> release;
    private volatile boolean isOver;

    Lease(String name, Position position, Host<?, ?, ?> host, Mono<Position> release) {
        this.name = name;
        this.position = position;
        this.isLeased = host::isLeased;
        this.release = release;
    }

    /** Of the lock. */
    public String name() {
        return name;
    }

    /** Where it was granted: greater than that of every grant of this lock before. */
    public Position position() {
        return position;
    }

    /** The position as text of fixed width, for others to compare: see {@link FencingToken}. */
    public String token() {
        return FencingToken.of(position);
    }

    /** Whether it is held at this moment, by this machine's clock; cheap. Nobody else is granted the lock while it is. */
    public boolean isHeld() {
        return !isOver && isLeased.getAsBoolean();
    }

    /**
     * Emits why, when the lease was lost, before anybody else is granted the lock; empty when it was released. Cancelling has no
     * effect.
     */
    public Mono<String> lost() {
        return lost.asMono();
    }

    /**
     * Gives it up, once. Completes with the position from which on the next one may have it, empty if it was not held any more;
     * while there is no quorum it waits. Cancelling changes nothing.
     */
    public Mono<Position> release() {
        return release;
    }

    /** Of a lease that nobody took. */
    void releaseSoon() {
        release.subscribe(freed -> {}, failed -> {});
    }

    /** @param why empty if it was released */
    void end(@Nullable String why) {
        isOver = true;
        if (why == null) {
            lost.tryEmitEmpty();
        } else {
            lost.tryEmitValue(why);
        }
    }
}

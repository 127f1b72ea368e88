/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.totem.core.MemberId;
import dev.totem.core.Position;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import reactor.core.publisher.Mono;

/** Something that a member of a group is asked, to be answered once. Any thread. */
public final class Request {

    private final MemberId from;
    private final Position position;
    private final byte[] data;
    private final Optional<Long> deadlineNanos;
    private final BiFunction<Boolean, byte[], Mono<Void>> answer;

    Request(
            MemberId from,
            Position position,
            byte[] data,
            Optional<Long> deadlineNanos,
            BiFunction<Boolean, byte[], Mono<Void>> answer) {
        this.from = from;
        this.position = position;
        this.data = data;
        this.deadlineNanos = deadlineNanos;
        this.answer = answer;
    }

    /** Who asks. */
    public MemberId from() {
        return from;
    }

    /** Where it stands in the order. */
    public Position position() {
        return position;
    }

    /** Not to be written. */
    public byte[] data() {
        return data;
    }

    /** How long the one who asks still waits, not negative; empty if for ever. It ran from when the request came here. */
    public Optional<Duration> timeLeft() {
        return deadlineNanos.map(deadline -> Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }

    /** Answers. Completes when the answer is in the order; fails as {@link dev.totem.core.EvsHandle#send}. Cold. */
    public Mono<Void> reply(byte[] answered) {
        return answer.apply(true, answered);
    }

    /** Says that there is no answer, and why. */
    public Mono<Void> fail(String why) {
        return answer.apply(false, why.getBytes(UTF_8));
    }
}

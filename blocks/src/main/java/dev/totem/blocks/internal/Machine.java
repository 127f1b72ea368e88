/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Codec;
import dev.totem.blocks.Context;
import dev.totem.blocks.Member;
import dev.totem.blocks.MergePolicy;
import dev.totem.blocks.StateMachine;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;

/** A user's machine that takes commands as bytes. One thread. */
public final class Machine<S extends StateMachine<C, R>, C, R> {

    private final Supplier<S> states;
    private final S state;
    private final Codec<C> codec;
    private final MergePolicy<S> policy;

    public Machine(Supplier<S> states, Codec<C> codec, MergePolicy<S> policy) {
        this.states = states;
        this.state = states.get();
        this.codec = codec;
        this.policy = policy;
    }

    public S state() {
        return state;
    }

    boolean isMerging() {
        return policy.merging().isPresent();
    }

    /** Merges a state into this one, given as the chunks of its snapshot. */
    void merge(Context at, List<byte[]> chunks) {
        S other = states.get();
        chunks.forEach(other::restore);
        policy.merging().ifPresent(merging -> merging.merge(at, state, other));
    }

    Object apply(Context at, byte[] command) {
        return state.apply(at, codec.decode(command));
    }

    @SuppressWarnings("unchecked")
    byte[] evidence(Object result) {
        return state.evidence((R) result);
    }

    void joined(Context at, Member member) {
        state.joined(at, member);
    }

    void ended(Context at, Member member) {
        state.ended(at, member);
    }

    void timePassed(Context at) {
        state.timePassed(at);
    }

    Flux<byte[]> snapshot() {
        return state.snapshot();
    }

    void restore(byte[] chunk) {
        state.restore(chunk);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Codec;
import dev.totem.blocks.Context;
import dev.totem.blocks.Member;
import dev.totem.blocks.StateMachine;
import reactor.core.publisher.Flux;

/** A user's machine that takes commands as bytes. One thread. */
public final class Machine<C, R> {

    private final StateMachine<C, R> state;
    private final Codec<C> codec;

    public Machine(StateMachine<C, R> state, Codec<C> codec) {
        this.state = state;
        this.codec = codec;
    }

    public StateMachine<C, R> state() {
        return state;
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

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.blocks.internal.Commands;

/** What claimants of a seat say. Immutable; a member numbers its claims. */
sealed interface ClaimCommand {

    Codec<ClaimCommand> CODEC = Commands.codec(
            (out, command) -> {
                if (command instanceof Ask ask) {
                    out.u8(1).text(ask.seat()).i64(ask.number()).i32(ask.priority());
                } else if (command instanceof Yield yield) {
                    out.u8(2).text(yield.seat()).i64(yield.number());
                }
            },
            in -> {
                int kind = in.u8();
                return switch (kind) {
                    case 1 -> new Ask(in.text(), in.i64(), in.i32());
                    case 2 -> new Yield(in.text(), in.i64());
                    default ->
                        throw new IllegalArgumentException("a claim of the unknown kind " + kind + ": update it");
                };
            });

    String seat();

    long number();

    /** Wants the seat, now or when it is free. */
    record Ask(String seat, long number, int priority) implements ClaimCommand {}

    /** Gives the seat up, or does not want it any more. */
    record Yield(String seat, long number) implements ClaimCommand {}
}

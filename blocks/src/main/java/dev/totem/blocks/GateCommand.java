/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.blocks.internal.Commands;

/** What is said at a latch or a barrier. Immutable; a member numbers its arrivals. */
sealed interface GateCommand {

    Codec<GateCommand> CODEC = Commands.codec(
            (out, command) -> {
                if (command instanceof Open open) {
                    out.u8(1).text(open.gate()).i64(open.count());
                } else if (command instanceof Down down) {
                    out.u8(2).text(down.gate()).i64(down.by());
                } else if (command instanceof Arrive arrive) {
                    out.u8(3).text(arrive.gate()).i64(arrive.number()).i32(arrive.parties());
                } else if (command instanceof Depart depart) {
                    out.u8(4).text(depart.gate()).i64(depart.number());
                }
            },
            in -> {
                int kind = in.u8();
                return switch (kind) {
                    case 1 -> new Open(in.text(), in.i64());
                    case 2 -> new Down(in.text(), in.i64());
                    case 3 -> new Arrive(in.text(), in.i64(), in.i32());
                    case 4 -> new Depart(in.text(), in.i64());
                    default ->
                        throw new IllegalArgumentException(
                                "a gate command of the unknown kind " + kind + ": update it");
                };
            });

    String gate();

    /** Sets a latch, if it has no count yet. */
    record Open(String gate, long count) implements GateCommand {}

    /** Counts a latch down; by nothing, to see it. */
    record Down(String gate, long by) implements GateCommand {}

    /** Arrives at a barrier of so many parties. */
    record Arrive(String gate, long number, int parties) implements GateCommand {}

    /** Waits at a barrier no more. */
    record Depart(String gate, long number) implements GateCommand {}
}

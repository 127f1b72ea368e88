/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.blocks.internal.Commands;
import dev.totem.core.Position;

/** What those who put into a queue and who take from it say. Immutable; a member numbers its workers. */
sealed interface QueueCommand {

    Codec<QueueCommand> CODEC = Commands.codec(
            (out, command) -> {
                if (command instanceof Put put) {
                    out.u8(1).text(put.queue()).bytes(put.value());
                } else if (command instanceof Demand demand) {
                    out.u8(2).text(demand.queue()).i64(demand.worker()).i64(demand.total());
                } else if (command instanceof Stop stop) {
                    out.u8(3).text(stop.queue()).i64(stop.worker());
                } else if (command instanceof Done done) {
                    out.u8(4)
                            .text(done.queue())
                            .position(done.item())
                            .i32(done.attempt())
                            .bool(done.isAgain());
                }
            },
            in -> {
                int kind = in.u8();
                return switch (kind) {
                    case 1 -> new Put(in.text(), in.bytes());
                    case 2 -> new Demand(in.text(), in.i64(), in.i64());
                    case 3 -> new Stop(in.text(), in.i64());
                    case 4 -> new Done(in.text(), in.position(), in.i32(), in.bool());
                    default ->
                        throw new IllegalArgumentException(
                                "a queue command of the unknown kind " + kind + ": update it");
                };
            });

    String queue();

    record Put(String queue, byte[] value) implements QueueCommand {}

    /**
     * A worker asks.
     *
     * @param total how many items the worker has asked for since it began
     */
    record Demand(String queue, long worker, long total) implements QueueCommand {}

    /** A worker takes no more; what it has it keeps. */
    record Stop(String queue, long worker) implements QueueCommand {}

    /**
     * An item is done with.
     *
     * @param isAgain somebody else is to have it, in place of nobody
     */
    record Done(String queue, Position item, int attempt, boolean isAgain) implements QueueCommand {}
}

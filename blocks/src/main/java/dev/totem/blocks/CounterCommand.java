/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.blocks.internal.Commands;

/** Adds to a counter. Immutable. */
record CounterCommand(String name, long by) {

    static final Codec<CounterCommand> CODEC = Commands.codec(
            (out, command) -> out.text(command.name()).i64(command.by()),
            in -> new CounterCommand(in.text(), in.i64()));
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.core.Position;
import java.time.Instant;

/**
 * Where and when a command is applied: the same at every replica, so nothing else may influence a result. Any thread.
 *
 * @param position where the command stands in the one order; grows from command to command, so it is a fencing token
 * @param index how many entries the state has behind it with this one, from 1
 * @param sender who submitted it
 * @param time ordered time: the latest that a sender's clock said so far; never goes back
 */
public record Context(Position position, long index, Member sender, Instant time) {

    public Context {
        requireNonNull(position, "position");
        requireNonNull(sender, "sender");
        requireNonNull(time, "time");
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import java.util.List;
import java.util.Optional;

/** What a line of input asks the blocks of a node to do. Any thread. */
sealed interface BlocksRequest {

    /** Returned with the answer. */
    Optional<String> tag();

    record Put(Optional<String> tag, String key, String value) implements BlocksRequest {}

    record Remove(Optional<String> tag, String key) implements BlocksRequest {}

    /**
     * Puts what is expected to be there still.
     *
     * @param expect empty for a key without a value, as is {@code value}
     */
    record Cas(Optional<String> tag, String key, Optional<String> expect, Optional<String> value)
            implements BlocksRequest {}

    /**
     * Asks for a value.
     *
     * @param isLocal what this node has, in place of the latest
     */
    record Get(Optional<String> tag, String key, boolean isLocal) implements BlocksRequest {}

    record Add(Optional<String> tag, String key, long by) implements BlocksRequest {}

    record Lock(Optional<String> tag, String name) implements BlocksRequest {}

    record Unlock(Optional<String> tag, String name) implements BlocksRequest {}

    record Candidate(Optional<String> tag, String name, int priority) implements BlocksRequest {}

    record Resign(Optional<String> tag, String name) implements BlocksRequest {}

    record Enqueue(Optional<String> tag, String queue, String value) implements BlocksRequest {}

    record Work(Optional<String> tag, String queue, long demand) implements BlocksRequest {}

    record Ack(Optional<String> tag, String queue, String item) implements BlocksRequest {}

    record Ask(Optional<String> tag, String group, byte[] data) implements BlocksRequest {}

    /** Be in groups, and answer what they are asked. */
    record Join(Optional<String> tag, List<String> groups) implements BlocksRequest {
        public Join {
            groups = List.copyOf(groups);
        }
    }

    record Leave(Optional<String> tag, List<String> groups) implements BlocksRequest {
        public Leave {
            groups = List.copyOf(groups);
        }
    }

    record Dump(Optional<String> tag) implements BlocksRequest {}

    record Membership(Optional<String> tag) implements BlocksRequest {}

    record Stats(Optional<String> tag) implements BlocksRequest {}

    record Quit(Optional<String> tag) implements BlocksRequest {}
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.core.MemberId;
import java.util.Optional;

/**
 * What came of a request at one member. As immutable as the bytes.
 *
 * @param from who was asked
 * @param data the answer; empty if there is none
 * @param missing why there is none: it is gone, it has failed, or it was not in time
 */
public record Reply(MemberId from, Optional<byte[]> data, Optional<String> missing) {

    public Reply {
        requireNonNull(from, "from");
        requireNonNull(data, "data");
        requireNonNull(missing, "missing");
    }

    static Reply of(MemberId from, byte[] data) {
        return new Reply(from, Optional.of(data), Optional.empty());
    }

    static Reply missing(MemberId from, String why) {
        return new Reply(from, Optional.empty(), Optional.of(why));
    }

    public boolean isAnswered() {
        return data.isPresent();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import dev.totem.core.internal.message.OrderedMessage;
import java.util.Optional;

/** What a token visit sends for the first time: application packets, or old messages during recovery. Node loop only. */
public interface Origination {

    /** Messages that wait. */
    int backlog();

    /** The next message under the number given to it; empty if none waits. */
    Optional<OrderedMessage> next(long seq);
}

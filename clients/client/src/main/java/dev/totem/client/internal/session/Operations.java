/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.session;

import dev.totem.client.internal.wire.Frame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was asked and is not answered, within what the executive allows; the rest waits, first come, first served. The session's
 * loop only.
 */
final class Operations {

    private final Map<Integer, Operation> said = new LinkedHashMap<>();
    private final ArrayDeque<Operation> waiting = new ArrayDeque<>();
    private int next;
    private long bytes;

    void add(Operation operation) {
        waiting.add(operation);
    }

    /** These go before all that wait. */
    void addFirst(List<Operation> operations) {
        for (int i = operations.size() - 1; i >= 0; i--) {
            waiting.addFirst(operations.get(i));
        }
    }

    /** The next that may be said; it counts as said. */
    Frame.@Nullable Operation next(Frame.Limits limits) {
        Operation first = waiting.peek();
        if (first == null
                || said.size() >= limits.operations()
                || (!said.isEmpty() && bytes + first.cost() > limits.operationBytes())) {
            return null;
        }
        waiting.remove();
        next = (next + 1) & Integer.MAX_VALUE;
        said.put(next, first);
        bytes += first.cost();
        return first.say(next);
    }

    /** The operation that this is the answer to; it is over. */
    @Nullable
    Operation answered(int number) {
        Operation operation = said.remove(number);
        if (operation != null) {
            bytes -= operation.cost();
        }
        return operation;
    }

    /** Takes back what was not said yet. */
    boolean takeBack(Operation operation) {
        return !operation.isSaid() && waiting.remove(operation);
    }

    /** All that were said, in their order; they are over. */
    List<Operation> takeSaid() {
        List<Operation> all = new ArrayList<>(said.values());
        said.clear();
        bytes = 0;
        return all;
    }

    /** All that wait; they are over. */
    List<Operation> takeWaiting() {
        List<Operation> all = new ArrayList<>();
        for (Iterator<Operation> each = waiting.iterator(); each.hasNext(); each.remove()) {
            all.add(each.next());
        }
        return all;
    }
}

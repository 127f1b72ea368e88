/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.send;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sends of one handle that were accepted and have not ended, in the order of their acceptance. Node loop only. */
public final class AcceptedSends {

    private @Nullable PendingSend first;
    private @Nullable PendingSend last;

    public boolean isEmpty() {
        return first == null;
    }

    void add(PendingSend send) {
        PendingSend before = last;
        send.previous = before;
        send.isAccepted = true;
        if (before == null) {
            first = send;
        } else {
            before.next = send;
        }
        last = send;
    }

    /** Takes one out if it is in. */
    void remove(PendingSend send) {
        if (!send.isAccepted) {
            return;
        }
        send.isAccepted = false;
        PendingSend before = send.previous;
        PendingSend after = send.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        send.previous = null;
        send.next = null;
    }

    public List<PendingSend> all() {
        List<PendingSend> all = new ArrayList<>();
        for (PendingSend send = first; send != null; send = send.next) {
            all.add(send);
        }
        return all;
    }
}

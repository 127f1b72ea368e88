/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

/** A call on a handle or node that has been closed. A retry does not help. */
public final class NodeClosedException extends TotemException {

    private static final long serialVersionUID = 1L;

    public NodeClosedException(String what) {
        super(requireNonNull(what, "what") + " is closed");
    }

    @Override
    public boolean retryCanHelp() {
        return false;
    }
}

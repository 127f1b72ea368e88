/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

/** Another live process has this node's id; the one that started later stops itself. A retry with another id helps. */
public final class DuplicateNodeIdException extends TotemException {

    private static final long serialVersionUID = 1L;

    public DuplicateNodeIdException(NodeId id) {
        super("node id " + requireNonNull(id, "id")
                + " is used by another live process that started earlier; give this node another id");
    }

    @Override
    public boolean retryCanHelp() {
        return false;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

/** A group to leave that the handle has not joined; names it. A retry does not help. */
public final class NotJoinedException extends TotemException {

    private static final long serialVersionUID = 1L;

    public NotJoinedException(GroupName group) {
        super("group " + requireNonNull(group, "group") + " is not joined by this handle, so it cannot be left");
    }

    @Override
    public boolean retryCanHelp() {
        return false;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

/** A client found no executive within its patience. A retry helps when there is one again. */
public final class ExecutiveAwayException extends TotemException {

    private static final long serialVersionUID = 1L;

    /**
     * @param where the address that was tried last
     * @param why what went wrong there
     */
    public ExecutiveAwayException(String where, String why) {
        super("attach=" + requireNonNull(where, "where") + ": no executive can be used there: "
                + requireNonNull(why, "why") + "; start one with totem serve, or name another");
    }

    @Override
    public boolean retryCanHelp() {
        return true;
    }
}

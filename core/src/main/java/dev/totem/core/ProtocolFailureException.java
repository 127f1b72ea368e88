/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

/**
 * An invariant of the protocol did not hold, a defect of ours, or the JVM had no memory left: the node stopped itself, the
 * others go on without it.
 */
public final class ProtocolFailureException extends TotemException {

    private static final long serialVersionUID = 1L;

    public ProtocolFailureException(String what) {
        super(requireNonNull(what, "what"));
    }

    public ProtocolFailureException(String what, Throwable cause) {
        super(requireNonNull(what, "what"), requireNonNull(cause, "cause"));
    }

    @Override
    public boolean retryCanHelp() {
        return false;
    }
}

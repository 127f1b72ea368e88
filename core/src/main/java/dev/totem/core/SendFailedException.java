/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

/** A message that was not confirmed, and what became of it. */
public final class SendFailedException extends TotemException {

    private static final long serialVersionUID = 1L;

    /** What became of a message whose send failed. */
    public enum Fate {
        /** It was never ordered and nobody will see it: too large, no group, or the handle or node was closed. */
        REFUSED,
        /** The node stopped after it may have been ordered: others may or may not have delivered it. */
        UNKNOWN
    }

    private final Fate fate;
    private final boolean retryCanHelp;

    public SendFailedException(Fate fate, String message, boolean retryCanHelp) {
        super(requireNonNull(message, "message"));
        this.fate = requireNonNull(fate, "fate");
        this.retryCanHelp = retryCanHelp;
    }

    public static SendFailedException refused(String message) {
        return new SendFailedException(Fate.REFUSED, message, false);
    }

    public static SendFailedException unknown(String message) {
        return new SendFailedException(Fate.UNKNOWN, message, false);
    }

    public Fate fate() {
        return fate;
    }

    @Override
    public boolean retryCanHelp() {
        return retryCanHelp;
    }
}

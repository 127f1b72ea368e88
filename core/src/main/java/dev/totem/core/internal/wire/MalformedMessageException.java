/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

/**
 * Bytes that are no message of this format. Any thread.
 *
 * <p>One instance a reason, made in advance and without a stack trace: refusing garbage costs nothing. Caught in one place,
 * where it becomes a counter.
 */
@SuppressWarnings("StaticAssignmentOfThrowable") // without a stack trace there is nothing to share wrongly
public final class MalformedMessageException extends Exception {

    private static final long serialVersionUID = 1L;

    static final MalformedMessageException VERSION = new MalformedMessageException(Reason.VERSION);
    static final MalformedMessageException TYPE = new MalformedMessageException(Reason.TYPE);
    static final MalformedMessageException LENGTH = new MalformedMessageException(Reason.LENGTH);
    static final MalformedMessageException COUNT = new MalformedMessageException(Reason.COUNT);
    static final MalformedMessageException FIELD = new MalformedMessageException(Reason.FIELD);

    /** What is wrong with the bytes. */
    public enum Reason {
        /** Another version of the format. */
        VERSION,
        /** An unknown kind of message, or one that has no place where it is. */
        TYPE,
        /** Shorter or longer than its fields say. */
        LENGTH,
        /** A list that is longer than any message may hold. */
        COUNT,
        /** A value that its field cannot have, or two that contradict each other. */
        FIELD
    }

    private final Reason reason;

    private MalformedMessageException(Reason reason) {
        super("malformed message: " + reason, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

/**
 * Everything that can go wrong for a user of the library; says what was wrong, the limit, and whether a retry can help.
 *
 * <p>Any thread. Delivered by {@code onError}; thrown only while something is assembled, as is {@code NullPointerException}
 * with the parameter's name for a null. A call that cannot be served fails alone: it does not end its node.
 */
public abstract sealed class TotemException extends RuntimeException
        permits ConfigurationException,
                SendFailedException,
                NotJoinedException,
                SlowSubscriberException,
                NodeClosedException,
                ProtocolFailureException,
                DuplicateNodeIdException,
                EventsMissedException,
                KeyMissingException,
                ExecutiveAwayException {

    private static final long serialVersionUID = 1L;

    TotemException(String message) {
        super(message);
    }

    TotemException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether the same call can succeed later without a change by the caller. */
    public abstract boolean retryCanHelp();
}

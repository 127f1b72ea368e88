/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A message that was not confirmed, and what became of it. */
public final class SendFailedException extends TotemException {

    private static final long serialVersionUID = 1L;

    /** What became of a message whose send failed. */
    public enum Fate {
        /**
         * It was never ordered and nobody will see it: too large, no group, only for primaries in a part without quorum, or the
         * handle or node was closed.
         */
        REFUSED,
        /**
         * It was only for primaries, and ordered in one that broke: it was delivered in the transitional configuration that {@link
         * #configuration()} names, whose members all delivered it. Others may or may not have.
         */
        TRANSITIONAL,
        /** The node stopped after it may have been ordered: others may or may not have delivered it. */
        UNKNOWN
    }

    private final Fate fate;
    private final boolean retryCanHelp;

    @SuppressWarnings("serial") // what is read back from bytes does not say where it was
    private final transient @Nullable ConfigChange configuration;

    public SendFailedException(Fate fate, String message, boolean retryCanHelp) {
        this(fate, message, retryCanHelp, null);
    }

    private SendFailedException(Fate fate, String message, boolean retryCanHelp, @Nullable ConfigChange configuration) {
        super(requireNonNull(message, "message"));
        this.fate = requireNonNull(fate, "fate");
        this.retryCanHelp = retryCanHelp;
        this.configuration = configuration;
    }

    public static SendFailedException refused(String message) {
        return new SendFailedException(Fate.REFUSED, message, false);
    }

    public static SendFailedException unknown(String message) {
        return new SendFailedException(Fate.UNKNOWN, message, false);
    }

    public static SendFailedException transitional(String message, ConfigChange configuration) {
        return new SendFailedException(
                Fate.TRANSITIONAL, message, false, requireNonNull(configuration, "configuration"));
    }

    /** In which configuration it was delivered; there is one if the fate is {@link Fate#TRANSITIONAL}. */
    public Optional<ConfigChange> configuration() {
        return Optional.ofNullable(configuration);
    }

    public Fate fate() {
        return fate;
    }

    @Override
    public boolean retryCanHelp() {
        return retryCanHelp;
    }
}

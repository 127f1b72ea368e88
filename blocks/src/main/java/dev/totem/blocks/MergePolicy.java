/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What becomes of the states of parts of a network that were apart, when they meet. The same at all nodes. Immutable, any thread.
 *
 * @param <S> the machine
 */
public final class MergePolicy<S> {

    private final Optional<Merging<S>> merging;

    private MergePolicy(Optional<Merging<S>> merging) {
        this.merging = merging;
    }

    /**
     * Merges the state of another part into that which all go on with.
     *
     * @param <S> the machine
     */
    @FunctionalInterface
    public interface Merging<S> {

        /**
         * Makes one state of two, on the replica's thread, at the same position and with the same states at all replicas. As deterministic as
         * {@link StateMachine#apply}; what it throws stops the replica.
         *
         * <p>Both have in them what was decided before they parted. The same state can come more than once, also after it was changed by
         * what another was merged into it: what is merged already must do nothing.
         *
         * @param at where; the sender is who handed over the other state
         * @param into the state that all go on with, to be changed
         * @param other that of the other part; it is thrown away behind it
         */
        void merge(Context at, S into, S other);
    }

    /**
     * One state goes on, those of other parts are given up. With a quorum it is that of the primary, which is the only one in which anything was
     * decided; without one it is the one with the most entries. The default.
     */
    public static <S> MergePolicy<S> primaryWins() {
        return new MergePolicy<>(Optional.empty());
    }

    /**
     * One state goes on as said for {@link #primaryWins}, and the states of other parts are merged into it, one after another. Only
     * without a quorum, as with one nothing is decided in other parts.
     */
    public static <S> MergePolicy<S> merge(Merging<S> merging) {
        return new MergePolicy<>(Optional.of(requireNonNull(merging, "merging")));
    }

    /** Empty if nothing is merged. */
    public Optional<Merging<S>> merging() {
        return merging;
    }
}

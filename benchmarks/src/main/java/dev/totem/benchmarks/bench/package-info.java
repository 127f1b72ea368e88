/* SPDX-License-Identifier: Apache-2.0 */
/**
 * {@code totem bench}: processes of ours and of a peer, alternately, and what they measured.
 *
 * <p>A {@link dev.totem.benchmarks.bench.Contestant} says what its processes are; a {@link
 * dev.totem.benchmarks.bench.Match} is a series of pairs of runs of two of them.
 */
@NullMarked
package dev.totem.benchmarks.bench;

import org.jspecify.annotations.NullMarked;

/**
 * Suspending functions and flows for the API of nodes, handles, clients and blocks; {@code docs/KOTLIN.md} shows how.
 *
 * <p>What returns a {@code Mono} there is {@code …AndAwait} here, what returns a {@code Flux} is {@code …AsFlow}.
 */
@NullMarked
package dev.totem.kotlin;

import org.jspecify.annotations.NullMarked;

/* SPDX-License-Identifier: Apache-2.0 */
/** The {@code totem} command and what measures the library. */
@NullMarked
package dev.totem.benchmarks;

import org.jspecify.annotations.NullMarked;

/* SPDX-License-Identifier: Apache-2.0 */
/** What measures, as subcommands of {@code totem}. */
@NullMarked
package dev.totem.benchmarks.cli;

import org.jspecify.annotations.NullMarked;

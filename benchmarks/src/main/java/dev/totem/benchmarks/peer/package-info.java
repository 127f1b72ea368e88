/* SPDX-License-Identifier: Apache-2.0 */
/** What Totem is measured against: each a process with the load and the report of {@code totem load}. */
@NullMarked
package dev.totem.benchmarks.peer;

import org.jspecify.annotations.NullMarked;

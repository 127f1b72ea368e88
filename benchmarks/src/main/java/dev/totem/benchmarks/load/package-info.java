/* SPDX-License-Identifier: Apache-2.0 */
/** One processor under load: what it sends, what it measures, what it reports. */
@NullMarked
package dev.totem.benchmarks.load;

import org.jspecify.annotations.NullMarked;

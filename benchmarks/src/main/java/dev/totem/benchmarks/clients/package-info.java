/* SPDX-License-Identifier: Apache-2.0 */
/** What attached clients cost: their throughput and latency beside those of embedded handles, many of them, and an executive that is killed. */
@NullMarked
package dev.totem.benchmarks.clients;

import org.jspecify.annotations.NullMarked;

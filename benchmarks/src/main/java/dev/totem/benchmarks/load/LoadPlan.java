/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.load;

import dev.totem.core.Guarantee;
import java.time.Duration;

/**
 * What one processor does under load. Immutable, any thread.
 *
 * @param members how many members the configuration must have before it starts
 * @param sizeBytes the payload of a message, at least {@link #SIZE_BYTES_MIN}
 * @param sends whether this processor sends
 * @param rate messages per second; 0 for as many as the ring admits
 */
public record LoadPlan(
        int members, int sizeBytes, Duration warmup, Duration window, boolean sends, int rate, Guarantee guarantee) {

    /** A message carries its sender's count of it. */
    public static final int SIZE_BYTES_MIN = Long.BYTES;
}

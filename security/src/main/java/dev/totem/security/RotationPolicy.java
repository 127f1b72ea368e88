/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.ConfigurationException;
import java.time.Duration;

/** When a key has been used enough. Immutable, any thread. */
record RotationPolicy(Duration age, long frames) {

    private static final Duration AGE_MIN = Duration.ofSeconds(1);

    static final RotationPolicy NEVER = new RotationPolicy(Duration.ofNanos(Long.MAX_VALUE), Long.MAX_VALUE);

    RotationPolicy {
        if (age.compareTo(AGE_MIN) < 0) {
            throw new ConfigurationException("key-age", age.toString(), "a key is used for a second at least");
        }
        if (frames < 1) {
            throw new ConfigurationException("key-frames", String.valueOf(frames), "a key seals a frame at least");
        }
    }

    /** Ages beyond what a clock of nanoseconds can hold never come. */
    boolean isDue(long nanos, long sealed) {
        return sealed >= frames || Duration.ofNanos(nanos).compareTo(age) >= 0;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import org.springframework.context.SmartLifecycle;

/**
 * When parts of the ring start and stop among the other parts of a context; higher phases start later and stop earlier.
 *
 * <p>A web server stops accepting in {@code DEFAULT_PHASE - 1024} and closes in {@code - 2048}. So leaderships are handed over while
 * it still accepts, its last requests, also those on kept connections, still have a ring, and the ring is left last.
 */
final class Phases {

    static final int LEADERSHIP = SmartLifecycle.DEFAULT_PHASE - 512;
    static final int KEPT_CONNECTIONS = SmartLifecycle.DEFAULT_PHASE - 3_072;
    static final int LISTENERS = SmartLifecycle.DEFAULT_PHASE - 4_096;
    static final int METERS = SmartLifecycle.DEFAULT_PHASE - 8_191;
    static final int NODE = SmartLifecycle.DEFAULT_PHASE - 8_192;

    private Phases() {}
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import org.reactivestreams.Publisher;

/**
 * Is told of everything that goes wrong in listeners. A bean of this type takes the place of the one that logs an error and goes
 * on.
 */
@FunctionalInterface
public interface TotemListenerErrorHandler {

    /**
     * Called on a thread that may block, wherever the listener has failed. When the result completes, the listener goes on with the next event; when it fails, or the
     * call throws, the listener ends, which is logged.
     */
    Publisher<Void> handle(TotemListenerFailure failure);
}

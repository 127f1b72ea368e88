/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.ConfigurationException;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Steps of a start that reach into other libraries. When the class path holds another version of one, the JVM throws a
 * {@link LinkageError}, which Reactor signals to nobody: it is made an error signal here.
 */
final class Linkage {

    private Linkage() {}

    /** Does the step when subscribed; fails with {@code ConfigurationException} if it, or what it gives, cannot be linked. */
    static <T> Mono<T> defer(Supplier<Mono<T>> step) {
        return Mono.<T>defer(() -> {
                    try {
                        return step.get();
                    } catch (LinkageError e) {
                        return Mono.error(refused(e));
                    }
                })
                .onErrorMap(LinkageError.class, Linkage::refused);
    }

    /** As {@link #defer}, for a step that has its result at once. */
    static <T> Mono<T> call(Supplier<T> step) {
        return defer(() -> Mono.just(step.get()));
    }

    private static ConfigurationException refused(LinkageError e) {
        return new ConfigurationException(
                "class-path",
                e.toString(),
                "a library has another version than the one this was built with: compare the versions your build chooses"
                        + " with those that totem-transport asks for",
                e);
    }
}

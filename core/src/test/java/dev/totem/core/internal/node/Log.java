/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import java.util.ArrayList;
import java.util.List;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;

/** What a publisher signalled; counts terminal signals, so that a second one would be seen. */
final class Log<T> {

    final List<T> values = new ArrayList<>();
    Throwable error;
    boolean isComplete;
    int ends;
    Disposable subscription = Disposables.disposed();

    Log<T> follow(Publisher<T> publisher) {
        subscription = Flux.from(publisher).subscribe(values::add, this::failed, () -> {
            isComplete = true;
            ends++;
        });
        return this;
    }

    void failed(Throwable reason) {
        error = reason;
        ends++;
    }

    boolean hasEnded() {
        return ends > 0;
    }
}

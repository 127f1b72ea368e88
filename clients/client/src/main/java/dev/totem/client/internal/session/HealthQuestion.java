/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.session;

import dev.totem.client.internal.wire.Frame;
import dev.totem.core.NodeClosedException;
import dev.totem.core.NodeHealth;
import dev.totem.core.NodeHealth.Code;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** How an executive is, which can be asked when there is none. Any thread. */
public final class HealthQuestion {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private HealthQuestion() {}

    /** Completes with the executive's answer, or with what keeps it from coming; never on the loop, which who asks again would keep. Cold. */
    public static Mono<NodeHealth> ask(ClientSession session) {
        return Mono.<Boolean>create(sink -> session.execute(() -> sink.success(session.isConnected())))
                .flatMap(isConnected -> isConnected
                        ? answer(session)
                        : Mono.just(session.isOver() ? ended(session) : away("there is no connection to it")))
                .publishOn(Schedulers.parallel());
    }

    private static Mono<NodeHealth> answer(ClientSession session) {
        return session.ask(Frame.AskHealth::new, Frame.Health.class)
                .map(Frame.Health::health)
                .timeout(
                        PATIENCE,
                        Mono.fromSupplier(() -> away("it has not answered for " + PATIENCE.toSeconds() + " s")))
                .onErrorResume(refused -> Mono.fromSupplier(
                        () -> session.isOver() ? ended(session) : away(String.valueOf(refused.getMessage()))));
    }

    private static NodeHealth away(String why) {
        return one(Code.EXECUTIVE_AWAY, why);
    }

    private static NodeHealth ended(ClientSession session) {
        return session.refusal(false) instanceof NodeClosedException
                ? one(Code.CLOSED, "the client has closed")
                : one(Code.STOPPED, String.valueOf(session.refusal(false).getMessage()));
    }

    private static NodeHealth one(Code code, String text) {
        return new NodeHealth(List.of(new NodeHealth.Reason(code, text)));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import org.springframework.boot.health.contributor.AbstractReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import reactor.core.publisher.Mono;

/** {@code UP} when the node is ready, {@code OUT_OF_SERVICE} when it is only live, {@code DOWN} when it is over. Any thread; never blocks. */
public final class TotemHealthIndicator extends AbstractReactiveHealthIndicator {

    private final ContextNode node;

    public TotemHealthIndicator(ContextNode node) {
        super("the ring's state cannot be told");
        this.node = node;
    }

    @Override
    protected Mono<Health> doHealthCheck(Health.Builder builder) {
        return Mono.fromSupplier(() -> {
            NodeCondition condition = NodeCondition.of(node);
            builder.status(status(condition.state())).withDetail("reasons", condition.reasons());
            condition
                    .membership()
                    .ifPresent(membership -> builder.withDetail(
                                    "node", membership.local().value())
                            .withDetail("ring", membership.ring().toString())
                            .withDetail("members", membership.members().toString())
                            .withDetail("primary", membership.isPrimary()));
            return builder.build();
        });
    }

    private static Status status(NodeCondition.State state) {
        return switch (state) {
            case READY -> Status.UP;
            case WAITING -> Status.OUT_OF_SERVICE;
            case OVER -> Status.DOWN;
        };
    }
}

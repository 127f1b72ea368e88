/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.spring.boot.LeaderOnly;
import dev.totem.spring.boot.TotemLeadership;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import reactor.core.publisher.Flux;

/** Lets calls pass where this instance leads. Any thread. */
final class LeaderOnlyInterceptor implements MethodInterceptor {

    private final Supplier<TotemLeadership> leadership;
    private final UnaryOperator<String> placeholders;

    LeaderOnlyInterceptor(Supplier<TotemLeadership> leadership, UnaryOperator<String> placeholders) {
        this.leadership = leadership;
        this.placeholders = placeholders;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Object target = invocation.getThis();
        Class<?> type = target == null ? invocation.getMethod().getDeclaringClass() : AopUtils.getTargetClass(target);
        LeaderOnly annotation =
                LeaderOnlyMethods.annotation(invocation.getMethod(), type).orElse(null);
        if (annotation == null) {
            return invocation.proceed();
        }
        TotemLeadership all = leadership.get();
        String election = placeholders.apply(annotation.value());
        ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance()
                .getAdapter(invocation.getMethod().getReturnType());
        if (adapter == null) {
            return all.isLeading(election) ? invocation.proceed() : null;
        }
        if (!adapter.getDescriptor().isDeferred()) {
            return all.isLeading(election) ? invocation.proceed() : adapter.fromPublisher(Flux.empty());
        }
        return adapter.fromPublisher(whileLeading(all, election, (ProxyMethodInvocation) invocation, adapter));
    }

    /** Each subscription calls the method: @Scheduled calls once and subscribes again and again. */
    private static Flux<Object> whileLeading(
            TotemLeadership all, String election, ProxyMethodInvocation invocation, ReactiveAdapter adapter) {
        return Flux.defer(() -> all.isLeading(election)
                ? Flux.from(called(invocation, adapter))
                        .takeUntilOther(all.watch(election).filter(now -> !now.isOwn()))
                : Flux.empty());
    }

    private static Publisher<Object> called(ProxyMethodInvocation invocation, ReactiveAdapter adapter) {
        try {
            return adapter.toPublisher(invocation.invocableClone().proceed());
        } catch (Throwable thrown) {
            return Flux.error(thrown);
        }
    }
}

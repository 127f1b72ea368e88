/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.GroupChange;
import dev.totem.spring.boot.TotemCodecs;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import reactor.core.publisher.Mono;

/** A listener's method: which events it takes and how it is called with one. Any thread. */
final class ListenerMethod {

    private static final Set<Class<?>> EVENTS =
            Set.of(Delivery.class, ConfigChange.class, GroupChange.class, EvsEvent.class);

    private final Object bean;
    private final Method method;
    private final Class<?> takes;
    private final List<Function<EvsEvent, Object>> arguments;
    private final @Nullable ReactiveAdapter adapter;

    private ListenerMethod(Object bean, Method method, Class<?> takes, List<Function<EvsEvent, Object>> arguments) {
        this.bean = bean;
        this.method = method;
        this.takes = takes;
        this.arguments = arguments;
        this.adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(method.getReturnType());
    }

    /**
     * @throws IllegalStateException if its parameters are not those of a listener
     * @throws IllegalArgumentException if its payload has no codec
     */
    static ListenerMethod of(Object bean, Method declared, TotemCodecs codecs) {
        Method method = AopUtils.selectInvocableMethod(declared, bean.getClass());
        List<Function<EvsEvent, Object>> arguments = new ArrayList<>();
        List<Class<?>> events = new ArrayList<>();
        int payloads = 0;
        for (Parameter parameter : declared.getParameters()) {
            if (EVENTS.contains(parameter.getType())) {
                events.add(parameter.getType());
                arguments.add(event -> event);
            } else {
                payloads++;
                var codec = codecs.<Object>of(parameter.getParameterizedType());
                arguments.add(event -> codec.decode(((Delivery) event).payload()));
            }
        }
        boolean isPayload = payloads == 1 && (events.isEmpty() || events.equals(List.of(Delivery.class)));
        if (!isPayload && (payloads > 0 || events.size() != 1)) {
            throw new IllegalStateException("the @TotemListener " + declared.toGenericString()
                    + " needs one parameter: Delivery, ConfigChange, GroupChange, EvsEvent, or the payload of a delivery,"
                    + " which may have a Delivery beside it");
        }
        method.setAccessible(true);
        return new ListenerMethod(bean, method, isPayload ? Delivery.class : events.get(0), arguments);
    }

    boolean takes(EvsEvent event) {
        return takes.isInstance(event);
    }

    /** Calls it when subscribed; completes when it has returned and what it has returned has completed. */
    Mono<Void> call(EvsEvent event) {
        return Mono.defer(() -> {
            Object returned;
            try {
                Object[] values = arguments.stream()
                        .map(argument -> argument.apply(event))
                        .toArray();
                returned = method.invoke(bean, values);
            } catch (InvocationTargetException thrown) {
                return Mono.error(thrown.getCause() == null ? thrown : thrown.getCause());
            } catch (IllegalAccessException impossible) {
                return Mono.error(impossible);
            }
            return adapter == null || returned == null ? Mono.empty() : Mono.when(adapter.toPublisher(returned));
        });
    }
}

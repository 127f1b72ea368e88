/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.spring.boot.LeaderOnly;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Optional;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.annotation.Schedules;
import org.springframework.util.ReflectionUtils;

/** The {@link LeaderOnly} methods of the application: found and checked when its beans are there, on the context's thread. */
public final class LeaderOnlyMethods implements SmartInitializingSingleton {

    private final ConfigurableListableBeanFactory beans;
    private volatile List<String> elections = List.of();

    public LeaderOnlyMethods(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /** What a method carries in objects of a class: its own annotation, or the class's. All who ask have this answer. */
    static Optional<LeaderOnly> annotation(Method method, Class<?> type) {
        Method specific = AopUtils.getMostSpecificMethod(method, type);
        return Optional.ofNullable(AnnotatedElementUtils.findMergedAnnotation(specific, LeaderOnly.class))
                .or(() -> isOfTheBean(specific)
                        ? Optional.ofNullable(AnnotatedElementUtils.findMergedAnnotation(type, LeaderOnly.class))
                        : Optional.empty());
    }

    /** Not what every object has, nor what nobody calls from outside. */
    private static boolean isOfTheBean(Method method) {
        return !ReflectionUtils.isObjectMethod(method) && (isOfInstances(method) || isScheduled(method));
    }

    private static boolean isOfInstances(Method method) {
        return !Modifier.isPrivate(method.getModifiers()) && !Modifier.isStatic(method.getModifiers());
    }

    private static boolean isScheduled(Method method) {
        return AnnotatedElementUtils.hasAnnotation(method, Scheduled.class)
                || AnnotatedElementUtils.hasAnnotation(method, Schedules.class);
    }

    /** The names of the elections, ascending; empty before the context starts its parts. */
    public List<String> elections() {
        return elections;
    }

    /** @throws IllegalStateException if one of the methods returns a value, or is none that a proxy takes calls of */
    @Override
    public void afterSingletonsInstantiated() {
        List<AnnotatedMethods.Found<LeaderOnly>> found =
                AnnotatedMethods.find(beans, LeaderOnly.class, LeaderOnlyMethods::annotation);
        found.forEach(one -> Interceptable.check(one.method(), one.type()));
        found.forEach(one -> refuseValues(one.method()));
        elections = found.stream()
                .map(one -> String.valueOf(
                        beans.resolveEmbeddedValue(one.annotation().value())))
                .distinct()
                .sorted()
                .toList();
    }

    private static void refuseValues(Method method) {
        Class<?> type = method.getReturnType();
        if (type != void.class && ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) == null) {
            throw new IllegalStateException(
                    "the @LeaderOnly " + method.toGenericString()
                            + " returns a value, and there is none where this instance does not lead: return void or a reactive type");
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/** Methods of beans that carry an annotation, found without making the beans. Any thread. */
final class AnnotatedMethods {

    /** One of them, in objects of this type. */
    record Found<A>(String bean, Class<?> type, Method method, A annotation) {}

    private AnnotatedMethods() {}

    /** Those that carry it themselves. */
    static <A extends Annotation> List<Found<A>> find(ConfigurableListableBeanFactory beans, Class<A> annotation) {
        return find(
                beans,
                annotation,
                (method, type) -> Optional.ofNullable(AnnotatedElementUtils.findMergedAnnotation(method, annotation)));
    }

    /** @param lookup of a method and the class of its bean, which may have inherited it */
    static <A extends Annotation> List<Found<A>> find(
            ConfigurableListableBeanFactory beans,
            Class<A> annotation,
            BiFunction<Method, Class<?>, Optional<A>> lookup) {
        List<Found<A>> found = new ArrayList<>();
        for (String name : beans.getBeanNamesForType(Object.class, true, false)) {
            Class<?> type =
                    ScopedProxyUtils.isScopedTarget(name) ? null : AutoProxyUtils.determineTargetClass(beans, name);
            if (type == null || !AnnotationUtils.isCandidateClass(type, annotation)) {
                continue;
            }
            of(type, lookup).forEach((method, carried) -> found.add(new Found<>(name, type, method, carried)));
        }
        return distinct(found);
    }

    /** Those of one class. */
    static <A extends Annotation> Map<Method, A> of(Class<?> type, BiFunction<Method, Class<?>, Optional<A>> lookup) {
        return MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<@Nullable A>)
                method -> lookup.apply(method, type).orElse(null));
    }

    private static <A> List<Found<A>> distinct(List<Found<A>> found) {
        Map<String, Found<A>> byName = new LinkedHashMap<>();
        found.forEach(one -> byName.putIfAbsent(one.bean() + one.method(), one));
        Collection<Found<A>> once = byName.values();
        return List.copyOf(once);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.annotation.ReflectiveProcessor;

/** What a native image must have of methods that one instance runs, to find them: with an annotation on the class, all it has. */
public final class LeaderOnlyHints implements ReflectiveProcessor {

    @Override
    public void registerReflectionHints(ReflectionHints hints, AnnotatedElement element) {
        if (element instanceof Method method) {
            hints.registerMethod(method, ExecutableMode.INVOKE);
        } else if (element instanceof Class<?> type) {
            for (Class<?> one = type; one != null && one != Object.class; one = one.getSuperclass()) {
                hints.registerType(one, MemberCategory.INVOKE_DECLARED_METHODS);
            }
        }
    }
}

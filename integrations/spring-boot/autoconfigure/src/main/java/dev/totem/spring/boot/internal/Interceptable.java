/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import org.springframework.util.ClassUtils;

/** Whether a proxy, which is a subclass, takes the calls of a method: who cannot be overridden would run everywhere. */
final class Interceptable {

    private Interceptable() {}

    /** @throws IllegalStateException with the method and the remedy, if it does not */
    static void check(Method method, Class<?> type) {
        String reason = reason(method, type);
        if (!reason.isEmpty()) {
            throw new IllegalStateException("the @LeaderOnly " + method.toGenericString() + " of " + type.getName()
                    + " would run on every instance, as no proxy of Spring can take its calls: " + reason);
        }
    }

    private static String reason(Method method, Class<?> type) {
        int modifiers = method.getModifiers();
        if (Modifier.isPrivate(modifiers)) {
            return "it is private; make it public, protected or package-private";
        }
        if (Modifier.isStatic(modifiers)) {
            return "it is static; make it a method of the bean";
        }
        if (isProxiedByInterfaces(type)) {
            return "";
        }
        if (Modifier.isFinal(modifiers)) {
            return "it is final; take the modifier away, or in Kotlin declare it open, which the compiler plugin kotlin-spring"
                    + " does for the classes of beans";
        }
        if (Modifier.isFinal(type.getModifiers())) {
            return "its class is final; take the modifier away, make a record or an enum a class, or in Kotlin declare class"
                    + " and method open, which the compiler plugin kotlin-spring does for the classes of beans";
        }
        if (isPackagePrivate(modifiers)
                && !method.getDeclaringClass().getPackage().equals(type.getPackage())) {
            return "it is package-private in another package than the bean's class; make it public or protected";
        }
        return "";
    }

    /** Objects without a class that could be extended have proxies of their interfaces. */
    private static boolean isProxiedByInterfaces(Class<?> type) {
        return type.isInterface() || Proxy.isProxyClass(type) || ClassUtils.isLambdaClass(type);
    }

    private static boolean isPackagePrivate(int modifiers) {
        return (modifiers & (Modifier.PUBLIC | Modifier.PROTECTED | Modifier.PRIVATE)) == 0;
    }
}

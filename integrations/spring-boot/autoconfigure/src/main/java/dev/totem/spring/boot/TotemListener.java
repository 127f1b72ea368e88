/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import dev.totem.core.OverflowPolicy;
import dev.totem.spring.boot.internal.ListenerHints;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * A method of a bean that is called with what happens in groups, in the one order, one event after the other.
 *
 * <p>It has one parameter for what it is called with: {@code Delivery}; {@code ConfigChange}; {@code GroupChange}; {@code EvsEvent} for
 * all of them; or any other type, which is the payload of a delivery, decoded by {@link TotemCodecs}. Beside a payload it may have a
 * {@code Delivery}.
 *
 * <p>It returns nothing, or a reactive type or a {@code CompletionStage}, which is waited for before the next event is taken: what
 * is not taken waits, and then holds the ring back ({@link #overflow}). What is returned otherwise is ignored. Each listener has a
 * handle of its own and runs on a thread that may block. What it throws, or fails with, and payloads that cannot be decoded go to
 * the bean {@link TotemListenerErrorHandler}.
 *
 * <p>Starts after the node, before the web server; stops after the web server, before the node, when it has done what was delivered
 * until then.
 */
@Documented
@Reflective(ListenerHints.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface TotemListener {

    /** The groups to join; placeholders are resolved. None is fine for those who only want {@code ConfigChange}. */
    String[] group() default {};

    /** The name that other members of the groups see; the bean's and the method's otherwise. Placeholders are resolved. */
    String name() default "";

    /** What happens when events come faster than they are taken. */
    OverflowPolicy overflow() default OverflowPolicy.HOLD_BACK;
}

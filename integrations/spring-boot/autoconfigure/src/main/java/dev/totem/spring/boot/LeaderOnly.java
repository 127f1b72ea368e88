/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import dev.totem.spring.boot.internal.LeaderOnlyHints;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * A method, or all methods of a bean, inherited ones too, that do something only where this instance leads: for {@code @Scheduled} methods that one
 * instance runs. Elsewhere a call does nothing and returns nothing.
 *
 * <p>It returns nothing or a reactive type; whether this instance leads is looked at when that is subscribed, and it is cancelled,
 * without an error, when this instance does not lead any more. A plain method that has begun goes on: what must not be done twice
 * checks {@link TotemLeadership#isLeading} or hands its fencing token to what it changes.
 *
 * <p>What a proxy of Spring cannot take, final, private and static methods and those of final classes, is refused when the context starts. Calls
 * within the bean itself do not pass here, as with all proxies. The instance stands for the election from when
 * the context has started, behind the web server, until it stops, before the web server does. Which part of a partitioned network
 * has a leader is decided by {@code totem.quorum}; without one, every part has.
 */
@Documented
@Reflective(LeaderOnlyHints.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface LeaderOnly {

    /** The name of the election; placeholders are resolved. */
    String value() default "leader";
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.PropertyMapping;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of what an application does on a ring: its beans that listen ({@code TotemListener}) or lead ({@code LeaderOnly}), codecs and
 * error handlers, with {@code TotemTemplate} and blocks, and nothing else of it. Its node is number 1 of a {@link
 * dev.totem.testkit.TestRing}, which is a bean, too: the other nodes are the test's, to play other instances with.
 *
 * <p>The properties {@code totem.*} of the application hold, but for those of the network. Other beans are imported, or
 * included by filters. Tests with the same configuration share a context, and so a ring.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(SpringExtension.class)
@BootstrapWith(TotemTestContextBootstrapper.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(TotemTypeExcludeFilter.class)
@ImportAutoConfiguration
public @interface TotemTest {

    /** How many nodes the ring has, 1 to 64; all of them are in it when a test begins. */
    @PropertyMapping("totem.test.nodes")
    int nodes() default 1;

    /** Properties of the environment, {@code name=value} each. */
    String[] properties() default {};

    /** Whether beans are left out that do nothing on a ring. */
    boolean useDefaultFilters() default true;

    /** Beans that are in, beside those. */
    Filter[] includeFilters() default {};

    /** Beans that are out all the same. */
    Filter[] excludeFilters() default {};
}

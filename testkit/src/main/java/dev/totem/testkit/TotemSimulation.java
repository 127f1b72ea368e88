/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A JUnit test whose method runs once for each of many seeds, with production nodes in virtual time. It has a parameter of
 * type {@link Simulation}, and may have others that JUnit resolves.
 *
 * <p>The runs are one test in reports. After each, what all nodes delivered is checked against Extended Virtual Synchrony.
 * The first seed that fails ends the test: it runs again to see that it repeats, the random faults that do not matter are
 * left out, and the error says the seed, the faults that are left, and the last things that happened.
 *
 * <p>{@code -Dtotem.seed=17}, or the JUnit configuration parameter of that name, runs that seed only;
 * {@code -Dtotem.seeds=10000} runs another number of them.
 *
 * <p>All runs use the same instance of the test class, and {@code @BeforeEach} runs once: a run makes what it changes
 * inside the method.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Test
@ExtendWith(SimulationExtension.class)
public @interface TotemSimulation {

    /** How many nodes there are, 1 to 64; their ids count from 1. */
    int nodes() default 3;

    /** How many runs, with the seeds from 1 on. */
    int seeds() default 100;

    /**
     * What goes wrong by chance while time passes, until {@link Simulation#settle()}; the seed decides what, where and when.
     * None: only what the test does, on a network whose delays follow from the seed.
     */
    Fault[] faults() default {};
}

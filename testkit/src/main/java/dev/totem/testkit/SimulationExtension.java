/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

import dev.totem.testkit.internal.sim.ScheduleDriver;
import java.lang.reflect.Method;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/** Runs a method of {@link TotemSimulation} for each seed. */
final class SimulationExtension implements InvocationInterceptor, ParameterResolver {

    private static final String SEED = "totem.seed";
    private static final String SEEDS = "totem.seeds";
    private static final int NODES_MAX = 64;

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Simulation.class
                && AnnotationSupport.isAnnotated(context.getTestMethod(), TotemSimulation.class);
    }

    /** A place to be filled for each run. */
    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return new Simulation(0, 1, ScheduleDriver.of(List.of()));
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> called, ExtensionContext context)
            throws Throwable {
        Optional<TotemSimulation> asked =
                AnnotationSupport.findAnnotation(context.getTestMethod(), TotemSimulation.class);
        if (asked.isEmpty()) {
            invocation.proceed();
            return;
        }
        invocation.skip();
        run(asked.get(), called, context);
    }

    private static void run(TotemSimulation asked, ReflectiveInvocationContext<Method> called, ExtensionContext context)
            throws Throwable {
        Object target = called.getTarget().orElse(null);
        Method method = called.getExecutable();
        Trial trial = new Trial(
                inRange("nodes", asked.nodes(), NODES_MAX),
                faults(asked),
                simulation -> ReflectionSupport.invokeMethod(
                        method,
                        target,
                        called.getArguments().stream()
                                .map(argument -> argument instanceof Simulation ? simulation : argument)
                                .toArray()));
        Optional<Long> seed = parameter(context, SEED);
        int seeds = seed.isPresent()
                ? 1
                : inRange(SEEDS, parameter(context, SEEDS).orElse((long) asked.seeds()), Integer.MAX_VALUE);
        String rerun = "mvn test -Dtest='" + simpleName(context.getRequiredTestClass()) + "#" + method.getName()
                + "' -D" + SEED + "=";
        Optional<Seeds.Failure> failure = new Seeds(trial, rerun).tryAll(seed.orElse(1L), seeds);
        if (failure.isPresent()) {
            throw thrown(failure.get());
        }
    }

    /** With the classes around it, as Maven wants it. */
    private static String simpleName(Class<?> type) {
        return type.getName().substring(type.getName().lastIndexOf('.') + 1);
    }

    private static Throwable thrown(Seeds.Failure failure) {
        Throwable cause = Objects.requireNonNull(failure.run().failure(), "a run that failed");
        if (cause.getClass().getName().equals("org.opentest4j.TestAbortedException")) {
            return cause;
        }
        return new AssertionError(failure.text(), cause);
    }

    private static Set<Fault> faults(TotemSimulation asked) {
        EnumSet<Fault> faults = EnumSet.noneOf(Fault.class);
        faults.addAll(List.of(asked.faults()));
        return faults;
    }

    private static Optional<Long> parameter(ExtensionContext context, String name) {
        return context.getConfigurationParameter(name).map(text -> {
            try {
                return Long.valueOf(text.strip());
            } catch (NumberFormatException notANumber) {
                throw new ExtensionConfigurationException(name + " must be a whole number: " + text, notANumber);
            }
        });
    }

    private static int inRange(String name, long value, int most) {
        if (value < 1 || value > most) {
            throw new ExtensionConfigurationException(name + " must be from 1 to " + most + ": " + value);
        }
        return (int) value;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.NodeHealth;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;
import reactor.core.publisher.Mono;

/** What Spring's processing ahead of time makes of an application: all that a native image asks at run time must be in it. */
class HintsTest {

    private static RuntimeHints hints;
    private static Map<String, ?> classes;

    @BeforeAll
    static void process() {
        InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
        DefaultGenerationContext generation =
                new DefaultGenerationContext(new ClassNameGenerator(ClassName.get(HintsTest.class)), files);
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            TestPropertyValues.of(
                            "totem.id=1",
                            "totem.bind=127.0.0.1:0",
                            "totem.peers=1@127.0.0.1:5405",
                            "management.endpoints.web.exposure.include=totem")
                    .applyTo(context);
            context.register(
                    JacksonAutoConfiguration.class,
                    EndpointAutoConfiguration.class,
                    TotemAutoConfiguration.class,
                    TotemEndpointAutoConfiguration.class,
                    Listening.class,
                    OneMethod.class,
                    AllMethods.class);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        }
        generation.writeGeneratedContent();
        hints = generation.getRuntimeHints();
        classes = files.getGeneratedFiles(Kind.CLASS);
    }

    /** Listeners of all kinds. */
    static class Listening {

        record Order(Item item, List<Note> notes) {}

        record Item(String name) {}

        record Note(String text) {}

        @TotemListener(group = "orders")
        Mono<Void> ordered(Order order, Delivery delivery) {
            return Mono.empty();
        }

        @TotemListener(group = "notes")
        private void noted(List<Note> notes) {}

        @TotemListener
        void members(ConfigChange change) {}
    }

    /** A job. */
    static class OneMethod {

        @LeaderOnly("one")
        public void run() {}
    }

    /** What a bean inherits. */
    static class Inherited {

        public void old() {}
    }

    /** Jobs, all methods. */
    @LeaderOnly("all")
    static class AllMethods extends Inherited {

        public void own() {}
    }

    @Test
    void listenersCanBeCalled() {
        for (String method : List.of("ordered", "noted", "members")) {
            assertThat(reflection().onMethodInvocation(Listening.class, method)).as(method).accepts(hints);
        }
    }

    @Test
    void payloadsCanBeMadeOfJson() {
        for (Class<?> part : List.of(Listening.Order.class, Listening.Item.class, Listening.Note.class)) {
            assertThat(reflection().onType(part)).as(part.getName()).accepts(hints);
            assertThat(reflection().onConstructorInvocation(part.getDeclaredConstructors()[0]))
                    .as(part.getName())
                    .accepts(hints);
        }
        assertThat(reflection().onType(ConfigChange.class)).as("made by nobody").rejects(hints);
    }

    @Test
    void methodsThatOneInstanceRunsAreFound() {
        assertThat(reflection().onMethodInvocation(OneMethod.class, "run")).accepts(hints);
        assertThat(reflection().onMethodInvocation(AllMethods.class, "own")).accepts(hints);
        assertThat(reflection().onMethodInvocation(Inherited.class, "old")).accepts(hints);
    }

    @Test
    void theirProxiesAreMadeAhead() {
        for (Class<?> job : List.of(OneMethod.class, AllMethods.class)) {
            assertThat(classes.keySet())
                    .as(job.getName())
                    .anyMatch(file -> file.startsWith(job.getName().replace('.', '/') + "$$SpringCGLIB"));
        }
    }

    @Test
    void propertiesAreBoundAndTheEndpointIsWritten() {
        assertThat(reflection().onConstructorInvocation(TotemProperties.class.getDeclaredConstructors()[0]))
                .accepts(hints);
        assertThat(reflection().onMethodInvocation(TotemEndpoint.class, "describe")).accepts(hints);
        assertThat(reflection().onMethodInvocation(TotemEndpoint.Description.class, "members"))
                .accepts(hints);
        assertThat(reflection().onMethodInvocation(NodeHealth.Reason.class, "code")).accepts(hints);
    }
}

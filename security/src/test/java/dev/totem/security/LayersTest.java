/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What security may know of the other modules. */
class LayersTest {

    private static final String OURS = "dev.totem";
    private static final String SECURITY = "dev.totem.security";
    private static final Set<String> ALLOWED = Set.of("dev.totem.core", "dev.totem.core.spi");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(SECURITY);

    @Test
    void securityKnowsTheApiAndTheSpisOnly() {
        noClasses()
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are ours but not of security, " + ALLOWED, LayersTest::isForbidden))
                .check(CLASSES);
    }

    @Test
    void securityKnowsNoStreamsSocketsOrThreads() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("reactor..", "org.reactivestreams..", "io.netty..", "java.net..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .check(CLASSES);
    }

    private static boolean isForbidden(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith(OURS + ".") && !name.startsWith(SECURITY) && !ALLOWED.contains(name);
    }
}

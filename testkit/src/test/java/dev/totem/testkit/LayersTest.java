/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the test kit shows of itself, and what it may know. */
class LayersTest {

    private static final JavaClasses KIT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.totem.testkit");

    @Test
    void showsOnlyWhatUsersNeed() {
        assertThat(KIT.stream()
                        .filter(type -> type.getPackageName().equals("dev.totem.testkit"))
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder(
                        "EvsRecorder",
                        "EvsReport",
                        "EvsViolation",
                        "Fault",
                        "OperationHistory",
                        "SequentialModel",
                        "Step",
                        "Simulation",
                        "TestRing",
                        "TotemSimulation");
    }

    @Test
    void needsJUnitForTheAnnotationOnly() {
        noClasses()
                .that()
                .doNotHaveSimpleName("TotemSimulation")
                .and()
                .doNotHaveSimpleName("SimulationExtension")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.junit..")
                .check(KIT);
    }

    @Test
    void runsInMemoryWithTheNodeAsUsersStartIt() {
        classes()
                .that()
                .resideInAPackage("dev.totem.testkit.internal.ring")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.totem.testkit.internal.ring",
                        "dev.totem.core",
                        "dev.totem.core.spi",
                        "dev.totem.core.internal.node",
                        "dev.totem.core.internal.node.environment",
                        "dev.totem.core.internal.settings",
                        "java..",
                        "org.jspecify..",
                        "reactor..")
                .check(KIT);
    }

    @Test
    void everyPackageHasAPackageInfo() {
        assertThat(KIT.stream().map(JavaClass::getPackage).distinct())
                .isNotEmpty()
                .allSatisfy(javaPackage ->
                        assertThat(javaPackage.tryGetPackageInfo()).isPresent());
    }
}

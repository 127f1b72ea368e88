/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.totem.core.TotemNode;
import org.junit.jupiter.api.Test;

/** The console stands on the public API, and reads statistics in one place. */
class LayersTest {

    private static final JavaClasses CONSOLE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.totem.console");

    @Test
    void knowsOfTheNodeOnlyWhatUsersKnow() {
        noClasses()
                .should()
                .dependOnClassesThat(DescribedPredicate.describe("are ours and not the API", LayersTest::isForbidden))
                .check(CONSOLE);
    }

    private static boolean isForbidden(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith("dev.totem.") && !name.equals("dev.totem.core") && !name.startsWith("dev.totem.console");
    }

    @Test
    void readsStatisticsInOnePlace() {
        noClasses()
                .that()
                .areNotAssignableTo(NodeNumbers.class)
                .should()
                .callMethod(TotemNode.class, "stats")
                .check(CONSOLE);
    }

    @Test
    void everyPackageHasAPackageInfo() {
        assertThat(CONSOLE.stream().map(JavaClass::getPackage).distinct())
                .isNotEmpty()
                .allSatisfy(javaPackage ->
                        assertThat(javaPackage.tryGetPackageInfo()).isPresent());
    }
}

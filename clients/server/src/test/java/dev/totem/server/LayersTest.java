/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The executive's side stands on the public API, and on what the client says. */
class LayersTest {

    private static final JavaClasses SERVER = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.totem.server");

    @Test
    void knowsOfTheNodeOnlyWhatUsersKnow() {
        noClasses()
                .should()
                .dependOnClassesThat(DescribedPredicate.describe("are ours and not the API", LayersTest::isForbidden))
                .check(SERVER);
    }

    private static boolean isForbidden(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith("dev.totem.")
                && !name.equals("dev.totem.core")
                && !name.startsWith("dev.totem.client")
                && !name.startsWith("dev.totem.server");
    }

    @Test
    void everyPackageHasAPackageInfo() {
        assertThat(SERVER.stream().map(JavaClass::getPackage).distinct())
                .isNotEmpty()
                .allSatisfy(javaPackage ->
                        assertThat(javaPackage.tryGetPackageInfo()).isPresent());
    }
}

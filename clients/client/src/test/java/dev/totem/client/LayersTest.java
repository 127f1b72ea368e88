/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** A client knows the API and not the protocol engine, which is in the same artifact. */
class LayersTest {

    private static final JavaClasses CLIENT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.totem.client");

    @Test
    void knowsOfTheNodeOnlyWhatUsersKnow() {
        noClasses()
                .should()
                .dependOnClassesThat(DescribedPredicate.describe("are ours and not the API", LayersTest::isForbidden))
                .check(CLIENT);
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
        assertThat(CLIENT.stream().map(JavaClass::getPackage).distinct())
                .isNotEmpty()
                .allSatisfy(javaPackage ->
                        assertThat(javaPackage.tryGetPackageInfo()).isPresent());
    }
}

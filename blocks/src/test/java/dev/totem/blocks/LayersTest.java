/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The blocks stand on the public API alone. */
class LayersTest {

    private static final JavaClasses BLOCKS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.totem.blocks");

    @Test
    void knowOfTheOtherModulesOnlyWhatUsersKnow() {
        noClasses()
                .should()
                .dependOnClassesThat(DescribedPredicate.describe("are ours and not the API", LayersTest::isForbidden))
                .check(BLOCKS);
    }

    private static boolean isForbidden(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith("dev.totem.") && !name.equals("dev.totem.core") && !name.startsWith("dev.totem.blocks");
    }

    @Test
    void everyPackageHasAPackageInfo() {
        assertThat(BLOCKS.stream().map(JavaClass::getPackage).distinct())
                .isNotEmpty()
                .allSatisfy(javaPackage ->
                        assertThat(javaPackage.tryGetPackageInfo()).isPresent());
    }
}

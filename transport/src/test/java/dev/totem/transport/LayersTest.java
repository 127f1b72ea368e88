/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What transport may know of the other modules, and what it shows of itself. */
class LayersTest {

    private static final JavaClasses TRANSPORT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.totem.transport");

    @Test
    void knowsOfCoreOnlyTheApiTheServiceInterfacesTheNodeAndTheHeaderOfFrames() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.totem.transport..",
                        "dev.totem.core",
                        "dev.totem.core.spi",
                        "dev.totem.core.internal.link",
                        "dev.totem.core.internal.node",
                        "dev.totem.core.internal.node.environment",
                        "dev.totem.core.internal.node.observe",
                        "dev.totem.core.internal.settings",
                        "dev.totem.core.spi",
                        "java..",
                        "io.netty..",
                        "io.micrometer..",
                        "org.jspecify..",
                        "org.reactivestreams..",
                        "org.slf4j..",
                        "reactor..")
                .check(TRANSPORT);
    }

    @Test
    void usesNoInternalsOfNetty() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..internal..")
                .check(TRANSPORT);
    }

    @Test
    void showsOnlyTheWayToStartANode() {
        assertThat(TRANSPORT.stream()
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(type -> !type.isNestedClass())
                        .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder(
                        "DnsPeers",
                        "FilePeers",
                        "HostAddress",
                        "MulticastPeers",
                        "Network",
                        "Peer",
                        "StaticPeers",
                        "TcpTotem",
                        "UdpTotem");
    }

    @Test
    void everyPackageHasAPackageInfo() {
        assertThat(TRANSPORT.stream().map(JavaClass::getPackage).distinct())
                .isNotEmpty()
                .allSatisfy(javaPackage ->
                        assertThat(javaPackage.tryGetPackageInfo()).isPresent());
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.consumers.Commands.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsumersIT {

    private static Path repository;

    @BeforeAll
    static void publish() {
        repository = PublishedArtifacts.repository();
    }

    @Test
    void aProjectWithTwoDependenciesNeedsNothingElse() {
        ConsumerProject project = new ConsumerProject("plain-maven", repository);

        String tree = project.build();

        // Maven takes the nearest version and Gradle the highest: without a conflict both take the same.
        assertThat(tree).contains("totem-transport").doesNotContain("omitted for conflict");
        delivers(project, "dev.example.TwoNodes");
    }

    @Test
    void aProjectThatImportsTheBomNeedsNoVersions() {
        ConsumerProject project = new ConsumerProject("maven-bom", repository);

        project.build();

        delivers(project, "dev.example.TwoNodes");
    }

    @Test
    void aSpringBoot4ApplicationRunsANodeOnTheNettyOfSpring() {
        ConsumerProject project = new ConsumerProject("spring-boot-4", repository);

        String tree = project.build();

        assertThat(tree).contains("netty-transport:jar:4.2.15.Final");
        delivers(project, "dev.example.BootApplication");
    }

    @ParameterizedTest
    @CsvSource({"spring-boot-4.0-starter, 4.0.7, 4.2.15.Final", "spring-boot-4.1-starter, 4.1.2, 4.2.18.Final"})
    void theStarterWorksWithEachSpringBoot4(String name, String boot, String netty) {
        ConsumerProject project = new ConsumerProject(name, repository);

        String tree = project.build();

        assertThat(tree)
                .contains("spring-boot-autoconfigure:jar:" + boot, "netty-transport:jar:" + netty)
                .contains("totem-spring-boot-autoconfigure");
        delivers(project, "dev.example.StarterApplication");
    }

    @Test
    void theOldestNettyThatIsAcceptedWorks() {
        ConsumerProject project = new ConsumerProject("spring-boot-4", repository);

        String tree = project.build("-Dnetty.version=4.2.0.Final");

        assertThat(tree).contains("netty-transport:jar:4.2.0.Final");
        delivers(project, "dev.example.BootApplication");
    }

    @Test
    void aSpringBoot3ApplicationIsToldWhichNettyItHasAndWhichItNeeds() {
        ConsumerProject project = new ConsumerProject("spring-boot-3", repository);
        project.build();

        for (Jdk jdk : Jdk.installed()) {
            Result run = project.run(jdk, "dev.example.BootApplication");

            assertThat(run.status()).as("%s:%n%s", jdk, run.output()).isNotZero();
            assertThat(run.output())
                    .containsPattern(
                            "netty=4\\.1\\.\\d+\\.Final: netty-common is too old, 4\\.2\\.\\d+\\.Final or later");
        }
    }

    @Test
    void aCertifiedModuleDoesAllCryptographyAndNothingElseOfBouncyCastleIsThere() {
        ConsumerProject project = new ConsumerProject("fips", repository);

        String tree = project.build();

        assertThat(tree).contains("bc-fips").doesNotContain("bcprov");
        delivers(project, "dev.example.TwoNodes", "org.bouncycastle.jcajce.provider.BouncyCastleFipsProvider");
    }

    private static void delivers(ConsumerProject project, String program, String... arguments) {
        for (Jdk jdk : Jdk.installed()) {
            Result run = project.run(jdk, program, arguments);

            assertThat(run.status()).as("%s:%n%s", jdk, run.output()).isZero();
            assertThat(run.output()).contains("delivered hello");
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.kotlin

import java.util.concurrent.TimeUnit
import kotlin.io.path.Path
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test

class TalkIT {

    @Test
    fun allNodesHearTheSameOrder() {
        val java = Path(System.getProperty("java.home"), "bin", "java").toString()
        val sample = ProcessBuilder(java, "-Xmx256m", "-cp", System.getProperty("java.class.path"), "dev.example.kotlin.TalkKt")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
        try {
            val output = sample.inputStream.readAllBytes().decodeToString()
            assertThat(sample.waitFor(60, TimeUnit.SECONDS)).isTrue()
            assertThat(sample.exitValue()).`as`(output).isZero()
            assertThat(output)
                .contains("all in the same order")
                .contains("2 says 3")
                .doesNotContain("DEBUG")
        } finally {
            sample.destroyForcibly()
        }
    }
}

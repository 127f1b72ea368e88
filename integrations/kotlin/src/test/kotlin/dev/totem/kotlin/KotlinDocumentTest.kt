/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import kotlin.io.path.Path
import kotlin.io.path.readLines
import kotlin.io.path.readText
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

/** The code in docs/KOTLIN.md is compiled by the build. */
class KotlinDocumentTest {

    @ParameterizedTest
    @ValueSource(strings = ["handle", "lock", "leader", "queue", "simulation"])
    fun showsWhatIsCompiled(name: String) {
        assertThat(Path("../../docs/KOTLIN.md").readText()).contains("```kotlin\n${part(name)}\n```")
    }

    /** What stands between two marks, without the indentation of the first of them. */
    private fun part(name: String): String {
        val lines = Path("src/test/kotlin/dev/totem/kotlin/Examples.kt").readLines()
        val from = lines.indexOfFirst { it.trim() == "// example:$name" } + 1
        val part = lines.drop(from).takeWhile { it.trim() != "// example:end" }
        return part.joinToString("\n").trimIndent()
    }
}

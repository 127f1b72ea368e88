/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a main class of this program is run in a process of its own. Any thread. */
public final class JavaCommand {

    private JavaCommand() {}

    /** The options that this JVM was started with, by the launcher or TOTEM_JAVA_OPTS, but for agents. */
    public static List<String> ownOptions() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-javaagent") && !option.startsWith("-agent"))
                .toList();
    }

    /** The words that run a main class. */
    public static List<String> of(String mainClass, List<String> options) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(options);
        words.add("--add-opens=java.base/com.sun.crypto.provider=ALL-UNNAMED"); // as in the manifest of the jar
        words.add("-cp");
        words.add(System.getProperty("java.class.path"));
        words.add(mainClass);
        return words;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Micro benchmarks: {@code mvn -B verify -Pbench -DskipTests} runs all, {@code java -cp benchmarks/target/totem.jar
 * org.openjdk.jmh.Main -prof gc SealBenchmark} one.
 */
@NullMarked
package dev.totem.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;

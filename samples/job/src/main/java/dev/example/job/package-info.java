/** A sample: {@code samples/run job}. */
@NullMarked
package dev.example.job;

import org.jspecify.annotations.NullMarked;

/** A sample: {@code samples/run plain}. */
@NullMarked
package dev.example.plain;

import org.jspecify.annotations.NullMarked;

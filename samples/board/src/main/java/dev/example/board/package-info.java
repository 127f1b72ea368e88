/** A sample: {@code samples/run board}. */
@NullMarked
package dev.example.board;

import org.jspecify.annotations.NullMarked;

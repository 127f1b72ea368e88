/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The lines of an input, with a limit on their length. One thread only. */
final class InputLines {

    private final InputStream in;
    private final int lineBytesMax;
    private final byte[] chunk = new byte[1 << 16];
    private int next;
    private int end;

    InputLines(InputStream in, int lineBytesMax) {
        this.in = in;
        this.lineBytesMax = lineBytesMax;
    }

    /**
     * A line of input without its end.
     *
     * @param tooLong it passed the limit, and {@code bytes} holds nothing of it
     * @param finished it ended with a line feed, not with the input
     */
    record Line(byte[] bytes, boolean tooLong, boolean finished) {}

    /** The next line, or nothing at the end of the input; an unfinished last line counts. */
    Optional<Line> read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        boolean tooLong = false;
        boolean any = false;
        while (true) {
            if (next == end && !fill()) {
                return any ? Optional.of(line(line, tooLong, false)) : Optional.empty();
            }
            any = true;
            int from = next;
            while (next < end && chunk[next] != '\n') {
                next++;
            }
            tooLong |= line.size() + (next - from) > lineBytesMax;
            if (!tooLong) {
                line.write(chunk, from, next - from);
            }
            if (next < end) {
                next++;
                return Optional.of(line(line, tooLong, true));
            }
        }
    }

    private boolean fill() throws IOException {
        next = 0;
        end = Math.max(0, in.read(chunk));
        return end > 0;
    }

    private static Line line(ByteArrayOutputStream line, boolean tooLong, boolean finished) {
        return new Line(tooLong ? new byte[0] : line.toByteArray(), tooLong, finished);
    }
}

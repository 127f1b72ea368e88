/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The terminal of this process, taken for a view that fills it, and given back as it was: when it is closed, and when the
 * process ends by a signal. Main thread, and the thread that ends the process.
 *
 * <p>Modes and size are the affair of {@code stty}, which is on every system that has such terminals.
 */
final class Terminal implements AutoCloseable {

    private static final String ENTER = "\u001b[?1049h\u001b[?25l\u001b[2J";
    private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[2K";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final Pattern SIZE = Pattern.compile("(\\d{1,5}) (\\d{1,5})");
    private static final int SECONDS_MAX = 5;

    /** What a terminal has that does not tell its size. */
    static final Size DEFAULT_SIZE = new Size(80, 24);

    private final InputStream in;
    private final PrintStream out;
    private final String modes;
    private final Thread atExit = new Thread(this::restore, "totem-terminal");
    private final AtomicBoolean isRestored = new AtomicBoolean();

    /** Columns and rows, at least 1. */
    record Size(int width, int height) {}

    private Terminal(InputStream in, PrintStream out, String modes) {
        this.in = in;
        this.out = out;
        this.modes = modes;
    }

    /** Empty if standard input and output are no terminal that can be drawn on. */
    static Optional<Terminal> take() throws IOException, InterruptedException {
        String kind = System.getenv().getOrDefault("TERM", "");
        if (kind.isEmpty() || kind.equals("dumb") || !isTerminal()) {
            return Optional.empty();
        }
        Optional<String> modes = run(List.of("stty", "-g"));
        if (modes.isEmpty()) {
            return Optional.empty();
        }
        Terminal terminal = new Terminal(System.in, System.out, modes.get());
        Runtime.getRuntime().addShutdownHook(terminal.atExit);
        // Stopped by a key it would leave the terminal in this mode.
        run(List.of("stty", "-icanon", "-echo", "min", "0", "time", "0", "susp", "undef"));
        terminal.write(ENTER);
        return Optional.of(terminal);
    }

    /** As it is now; it may have been resized. */
    Size size() throws InterruptedException {
        return run(List.of("stty", "size")).map(Terminal::parse).orElse(DEFAULT_SIZE);
    }

    static Size parse(String text) {
        Matcher numbers = SIZE.matcher(text.strip());
        if (!numbers.matches()) {
            return DEFAULT_SIZE;
        }
        int rows = Integer.parseInt(numbers.group(1));
        int columns = Integer.parseInt(numbers.group(2));
        return rows < 1 || columns < 1 ? DEFAULT_SIZE : new Size(columns, rows);
    }

    /** Whether one of these keys was pressed since it was asked before. */
    boolean isPressed(String keys) throws IOException {
        boolean isPressed = false;
        while (in.available() > 0) {
            isPressed |= keys.indexOf(in.read()) >= 0;
        }
        return isPressed;
    }

    /** In place of what was drawn before. The lines fit. */
    void draw(List<String> lines) {
        StringBuilder frame = new StringBuilder(HOME);
        for (int i = 0; i < lines.size(); i++) {
            frame.append(i == 0 ? "" : "\r\n").append(CLEAR_LINE).append(lines.get(i));
        }
        write(frame.append(CLEAR_BELOW).toString());
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException ending) {
            // it has run, or does
        }
    }

    private void restore() {
        if (isRestored.compareAndSet(false, true)) {
            write(LEAVE);
            try {
                run(List.of("stty", modes));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
        out.flush();
    }

    private static boolean isTerminal() throws InterruptedException {
        try {
            Process test = new ProcessBuilder("test", "-t", "0", "-a", "-t", "1")
                    .inheritIO()
                    .start();
            return test.waitFor(SECONDS_MAX, TimeUnit.SECONDS) && test.exitValue() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }

    /** What it prints, in one line; empty if it fails. */
    private static Optional<String> run(List<String> words) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(words)
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) && process.exitValue() == 0
                    ? Optional.of(text)
                    : Optional.empty();
        } catch (IOException noSuchCommand) {
            return Optional.empty();
        }
    }
}

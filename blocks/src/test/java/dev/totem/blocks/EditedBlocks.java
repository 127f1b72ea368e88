/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.totem.testkit.Simulation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The classes of the blocks and of their schedules once more, with one source file edited. */
final class EditedBlocks extends ClassLoader {

    private static final String PACKAGE = "dev.totem.blocks.";
    private static final Path SOURCES = Path.of("src/main/java/dev/totem/blocks");

    private final Map<String, byte[]> edited;

    private EditedBlocks(Map<String, byte[]> edited) {
        super(EditedBlocks.class.getClassLoader());
        this.edited = edited;
    }

    /**
     * A schedule on the edited code.
     *
     * @param type the file, below the package and without its ending
     * @param exact what occurs there once
     */
    @SuppressWarnings("unchecked")
    static Consumer<Simulation> schedule(String name, int nodes, String type, String exact, String replacement)
            throws ReflectiveOperationException, IOException {
        String source = Files.readString(SOURCES.resolve(type + ".java"));
        int at = source.indexOf(exact);
        if (at < 0 || source.indexOf(exact, at + 1) >= 0) {
            throw new AssertionError(
                    "this text does not occur once in " + type + "; change the defect with the code:\n" + exact);
        }
        String changed = source.substring(0, at) + replacement + source.substring(at + exact.length());
        return (Consumer<Simulation>) new EditedBlocks(compiled(type, changed))
                .loadClass(BlockSchedules.class.getName())
                .getMethod("of", String.class, int.class)
                .invoke(null, name, nodes);
    }

    /** This loader first: only so are all of these packages in one piece. */
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            if (!name.startsWith(PACKAGE)) {
                return super.loadClass(name, resolve);
            }
            byte[] bytes = edited.containsKey(name) ? edited.get(name) : bytes(name);
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private byte[] bytes(String name) throws ClassNotFoundException {
        URL resource = getResource(name.replace('.', '/') + ".class");
        if (resource == null) {
            throw new ClassNotFoundException(name);
        }
        try (InputStream in = resource.openStream()) {
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }

    private static Map<String, byte[]> compiled(String type, String text) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        Map<String, ByteArrayOutputStream> classes = new HashMap<>();
        try (JavaFileManager files = new InMemory(compiler.getStandardFileManager(problems, null, UTF_8), classes)) {
            JavaFileObject source =
                    new SimpleJavaFileObject(
                            URI.create("string:///dev/totem/blocks/" + type + ".java"), JavaFileObject.Kind.SOURCE) {
                        @Override
                        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                            return text;
                        }
                    };
            List<String> options =
                    List.of("-proc:none", "-implicit:none", "-classpath", System.getProperty("java.class.path"));
            if (!compiler.getTask(null, files, problems, options, null, List.of(source))
                    .call()) {
                throw new AssertionError("the edit of " + type + " does not compile: " + problems.getDiagnostics());
            }
        }
        Map<String, byte[]> bytes = new HashMap<>();
        classes.forEach((name, out) -> bytes.put(name, out.toByteArray()));
        return bytes;
    }

    private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {

        private final Map<String, ByteArrayOutputStream> classes;

        InMemory(JavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
            super(files);
            this.classes = classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("mem:///" + name.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    classes.put(name, out);
                    return out;
                }
            };
        }
    }
}

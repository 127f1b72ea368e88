/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import dev.totem.core.TotemNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The classes of the core once more, apart from those of the test: as they are, or with one source file edited. */
final class CodeUnderTest extends ClassLoader {

    private static final String PACKAGE = "dev.totem.";
    private static final Path SOURCES = Path.of("core/src/main/java/dev/totem/core/internal");
    private static final Path CLASSES = classes();

    private final Map<String, byte[]> edited;

    private CodeUnderTest(Map<String, byte[]> edited) {
        super(CodeUnderTest.class.getClassLoader());
        this.edited = edited;
    }

    /** The root of the checkout. */
    static Path project() {
        return Stream.iterate(CLASSES, Objects::nonNull, Path::getParent)
                .filter(directory -> Files.isDirectory(directory.resolve(SOURCES)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + SOURCES + " above " + CLASSES));
    }

    /** Runs the production code as it is. */
    static BiFunction<String, Long, Map<String, String>> unedited() {
        return new CodeUnderTest(Map.of()).run();
    }

    /** Runs the production code with this edit. */
    static BiFunction<String, Long, Map<String, String>> with(PlantedDefect.Edit edit) {
        return new CodeUnderTest(compiled(edit)).run();
    }

    @SuppressWarnings("unchecked")
    private BiFunction<String, Long, Map<String, String>> run() {
        try {
            return (BiFunction<String, Long, Map<String, String>>)
                    loadClass(CampaignRun.class.getName()).getConstructor().newInstance();
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError("the campaign cannot be made", impossible);
        }
    }

    /** This loader first: only so are all packages in one piece. */
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            byte[] bytes = name.startsWith(PACKAGE) ? bytes(name) : null;
            return bytes == null ? super.loadClass(name, resolve) : defineClass(name, bytes, 0, bytes.length);
        }
    }

    private byte[] bytes(String name) throws ClassNotFoundException {
        byte[] own = edited.get(name);
        if (own != null) {
            return own;
        }
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

    private static Map<String, byte[]> compiled(PlantedDefect.Edit edit) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (Compiled output = new Compiled(compiler.getStandardFileManager(problems, null, null))) {
            String source = edit.applied(Files.readString(source(edit)));
            List<String> options =
                    List.of("-proc:none", "-implicit:none", "-classpath", System.getProperty("java.class.path"));
            boolean isDone = compiler.getTask(null, output, problems, options, null, List.of(new Source(edit, source)))
                    .call();
            if (!isDone) {
                throw new AssertionError(
                        "the edit of " + edit.type() + " does not compile: " + problems.getDiagnostics());
            }
            return output.bytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Path source(PlantedDefect.Edit edit) {
        return project().resolve(SOURCES).resolve(edit.type() + ".java");
    }

    private static Path classes() {
        try {
            return Path.of(TotemNode.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(PlantedDefect.Edit edit, String text) {
            super(URI.create("string:///dev/totem/core/internal/" + edit.type() + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Keeps what the compiler writes in memory. */
    private static final class Compiled extends ForwardingJavaFileManager<StandardJavaFileManager> {

        private final Map<String, ByteArrayOutputStream> outputs = new HashMap<>();

        Compiled(StandardJavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                JavaFileManager.Location location, String type, JavaFileObject.Kind kind, FileObject sibling) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            outputs.put(type, bytes);
            return new SimpleJavaFileObject(URI.create("memory:///" + type.replace('.', '/') + kind.extension), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return bytes;
                }
            };
        }

        Map<String, byte[]> bytes() {
            Map<String, byte[]> all = new HashMap<>();
            outputs.forEach((type, bytes) -> all.put(type, bytes.toByteArray()));
            return all;
        }
    }
}

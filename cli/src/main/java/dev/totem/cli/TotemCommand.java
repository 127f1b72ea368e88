/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.cli.capture.DecodeCommand;
import dev.totem.cli.observe.ExplainCommand;
import dev.totem.cli.observe.StatusCommand;
import dev.totem.cli.observe.WatchCommand;
import dev.totem.core.TotemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import reactor.core.Exceptions;

/** The {@code totem} command. Main thread only. */
@Command(
        name = "totem",
        description =
                "The Totem single-ring protocol: ordered messages and agreed membership for a group of processes.",
        mixinStandardHelpOptions = true,
        versionProvider = TotemCommand.Version.class,
        subcommands = {
            BlocksCommand.class,
            DemoCommand.class,
            NodeCommand.class,
            ServeCommand.class,
            KeygenCommand.class,
            RekeyCommand.class,
            DoctorCommand.class,
            StatusCommand.class,
            ExplainCommand.class,
            WatchCommand.class,
            DecodeCommand.class,
            CheckCommand.class,
            SimulateCommand.class
        })
public final class TotemCommand implements Runnable {

    /** Made while there is memory. */
    private static final byte[] NO_MEMORY =
            "totem: the JVM has no memory left: raise -Xmx (TOTEM_JAVA_OPTS), or lower the setting memory\n"
                    .getBytes(StandardCharsets.UTF_8);

    @Spec
    CommandSpec spec;

    /** Exit status 0: done; 1: it could not be done, or a check failed; 2: the command line is wrong. */
    public static void main(String[] args) {
        run(args);
    }

    /** {@link #main} with more subcommands. */
    public static void run(String[] args, Object... more) {
        Thread.setDefaultUncaughtExceptionHandler(TotemCommand::uncaught);
        System.exit(commandLine(more).execute(args));
    }

    /** A JVM without memory does nothing in order: it ends at once, and its system frees what it has. */
    private static void uncaught(Thread thread, Throwable thrown) {
        if (thrown instanceof VirtualMachineError) {
            endWithoutMemory();
        }
        LoggerFactory.getLogger(TotemCommand.class).error("a defect of this program, in {}", thread.getName(), thrown);
    }

    static void endWithoutMemory() {
        System.err.write(NO_MEMORY, 0, NO_MEMORY.length);
        Runtime.getRuntime().halt(1);
    }

    /** The command, with more subcommands than its own. */
    public static CommandLine commandLine(Object... more) {
        CommandLine totem = new CommandLine(new TotemCommand());
        Stream.of(more).forEach(totem::addSubcommand);
        return totem.setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(TotemCommand::usageError)
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "name a command: " + String.join(", ", spec.subcommands().keySet()));
    }

    private static int usageError(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        List<String> unknown = command.getUnmatchedArguments();
        String what = wrong instanceof MissingParameterException && !unknown.isEmpty()
                ? "Unknown option: '" + unknown.get(0) + "'"
                : wrong.getMessage();
        complain(command, what + " (see " + name + " --help)");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int failed(Exception failure, CommandLine command) {
        Throwable cause = Exceptions.unwrap(failure);
        if (cause instanceof ParameterException wrong) {
            return usageError(wrong, new String[0]);
        }
        if (cause instanceof TotemException || cause instanceof IOException || cause instanceof UncheckedIOException) {
            complain(command, String.valueOf(cause.getMessage()));
        } else {
            LoggerFactory.getLogger(TotemCommand.class).error("a defect of this program", cause);
        }
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    private static void complain(CommandLine command, String what) {
        command.getErr()
                .println(command.getCommandSpec().qualifiedName() + ": " + what.replaceAll("\\s*\\R\\s*", "; "));
        command.getErr().flush();
    }

    /** The version of the jar. */
    public static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = TotemCommand.class.getPackage().getImplementationVersion();
            return new String[] {"totem " + (version == null ? "(not packaged)" : version)};
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.situations;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a situation is looked at by.
 *
 * @param at the node that is asked; empty if none comes up
 * @param options those of {@code totem node} and {@code totem doctor}
 * @param before shell commands that make the host of both, a network namespace; empty if they run on this host
 * @param jvm options of the JVM of both; empty if they run in this JVM, or in any
 */
record Scene(Optional<Member> at, String options, String before, String jvm) {

    private static final String SECONDS_IN_A_GROUP = "5";

    static Scene at(Member member) {
        return new Scene(Optional.of(member), member.options, "", "");
    }

    static Scene refused(String options) {
        return new Scene(Optional.empty(), options, "", "");
    }

    /** The same with the options of another node. */
    Scene options(String other) {
        return new Scene(at, other, before, jvm);
    }

    Scene inNamespace(String commands) {
        return new Scene(at, options, commands, jvm);
    }

    Scene inJvm(String jvmOptions) {
        return new Scene(at, options, before, jvmOptions);
    }

    Command node(String http) throws Exception {
        String where = options.contains("--http ") ? "" : "--http " + http + " ";
        return run("node --json " + where + options);
    }

    /** Quiet nodes of a group are heard after a while. */
    Command doctor() throws Exception {
        return run("doctor --seconds " + (options.contains("--mcast") ? SECONDS_IN_A_GROUP : "1") + " " + options);
    }

    private Command run(String line) throws Exception {
        if (before.isEmpty() && jvm.isEmpty()) {
            return Command.totem(line);
        }
        List<String> words = new ArrayList<>();
        if (!before.isEmpty()) {
            words.addAll(List.of("unshare", "-n", "sh", "-ec", before + "\nexec \"$@\"", "sh"));
        }
        words.addAll(Lab.java((jvm + " dev.totem.cli.TotemCommand " + line).strip()));
        return Command.process(words);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.situations;

import dev.totem.cli.TotemCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** {@code totem …}, run to its end in this JVM. */
record Command(int status, List<String> out, List<String> err) {

    static Command totem(String line) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = TotemCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(line.strip().split(" +", -1));
        return new Command(
                status,
                out.toString().lines().toList(),
                err.toString().lines().toList());
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.client.ExecutiveAddress;
import dev.totem.client.TlsFiles;
import dev.totem.client.TotemClient;
import dev.totem.core.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How a command becomes a client. Main thread only. */
final class AttachOptions {

    @Option(
            names = "--attach",
            paramLabel = "unix:PATH|tls:HOST:PORT",
            converter = AddressConverter.class,
            description =
                    "not a node of its own, but a client of the executive there (totem serve); repeated: others to go"
                            + " on at. Takes the place of all options that describe a node")
    List<ExecutiveAddress> addresses = List.of();

    @Mixin
    TlsOptions tls;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "with --attach tls: a file with the client's token, mode 0600")
    @Nullable
    Path tokenFile;

    boolean isGiven() {
        return !addresses.isEmpty();
    }

    /** Attaches. */
    TotemClient connect() throws IOException {
        TotemClient.Builder plan = TotemClient.at(
                        addresses.get(0), addresses.subList(1, addresses.size()).toArray(ExecutiveAddress[]::new))
                .name("totem-" + ProcessHandle.current().pid())
                .tls(tls.files());
        if (tokenFile != null) {
            TlsFiles.ownersOnly("token-file", tokenFile);
            plan = plan.token(Files.readString(tokenFile).strip());
        }
        return Objects.requireNonNull(plan.connect().block());
    }

    /** From the words of {@code --attach} and {@code --listen}. */
    static final class AddressConverter implements ITypeConverter<ExecutiveAddress> {
        @Override
        public ExecutiveAddress convert(String value) {
            try {
                return ExecutiveAddress.parse(value);
            } catch (ConfigurationException wrong) {
                throw new TypeConversionException(String.valueOf(wrong.getMessage()));
            }
        }
    }
}

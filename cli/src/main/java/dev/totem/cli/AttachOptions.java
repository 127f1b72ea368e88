/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.client.ExecutiveAddress;
import dev.totem.client.TotemClient;
import dev.totem.core.ConfigurationException;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How a command becomes a client. Main thread only. */
final class AttachOptions {

    private AttachOptions() {}

    /** A client of the executives at these addresses. */
    static TotemClient.Builder client(List<ExecutiveAddress> addresses) {
        return TotemClient.at(
                        addresses.get(0), addresses.subList(1, addresses.size()).toArray(ExecutiveAddress[]::new))
                .name("totem-" + ProcessHandle.current().pid());
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

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.Replication;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** From the words of {@code --replication}. */
final class ReplicationConverter implements ITypeConverter<Replication> {
    @Override
    public Replication convert(String value) {
        return switch (value) {
            case "passive" -> Replication.PASSIVE;
            case "active" -> Replication.ACTIVE;
            default -> throw new TypeConversionException("'" + value + "' is neither passive nor active");
        };
    }
}

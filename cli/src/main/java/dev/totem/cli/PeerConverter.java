/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.transport.Peer;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** From the words of {@code --peer}. Any thread. */
final class PeerConverter implements ITypeConverter<Peer> {

    @Override
    public Peer convert(String value) {
        int at = value.indexOf('@');
        if (at > 0 && value.substring(0, at).matches("[0-9]{1,10}")) {
            long id = Long.parseLong(value.substring(0, at));
            if (id >= 1 && id <= Integer.MAX_VALUE) {
                HostPort address = HostPort.parse(value.substring(at + 1));
                return Peer.of((int) id, address.host(), address.port());
            }
        }
        throw new TypeConversionException("'" + value + "' is not ID@HOST:PORT with an ID from 1 to 2147483647");
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import dev.totem.cli.TimeoutOption;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Which node is asked, and for how long: what {@code status}, {@code explain} and {@code watch} share. Main thread only. */
final class AskedNode {

    @Parameters(
            paramLabel = NodeAddress.LABEL,
            converter = NodeAddress.Converter.class,
            description = "where the node serves HTTP (--http of totem node), or its URL")
    NodeAddress address;

    @Mixin
    TimeoutOption timeout;

    NodeHttp http() {
        return new NodeHttp(address, timeout.duration());
    }

    @Override
    public String toString() {
        return address.toString();
    }
}

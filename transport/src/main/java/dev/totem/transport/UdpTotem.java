/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.DatagramSeal;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** Stub: the transport's branch holds the real one. */
public final class UdpTotem {
    private UdpTotem() {}

    public static UdpTotem create() {
        return new UdpTotem();
    }

    public UdpTotem nodeId(int id) {
        return this;
    }

    public UdpTotem bind(String host, int port) {
        return this;
    }

    public UdpTotem multicast(String group, int port) {
        return this;
    }

    public UdpTotem peers(Peer... peers) {
        return this;
    }

    public UdpTotem seal(DatagramSeal seal) {
        return this;
    }

    public UdpTotem config(UnaryOperator<TotemConfig> change) {
        return this;
    }

    public UdpTotem stateDirectory(Path directory) {
        return this;
    }

    public UdpTotem link(UnaryOperator<DatagramLink> decorator) {
        return this;
    }

    public UdpTotem onBound(Consumer<TotemNode> action) {
        return this;
    }

    public Mono<TotemNode> start() {
        return Mono.error(new UnsupportedOperationException("stub"));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the node reaches the others. Beside these, each of the {@linkplain dev.totem.core.Settings settings} is a property of its
 * own, {@code totem.token} for example. Immutable, any thread.
 *
 * @param enabled whether there is a node at all
 * @param id the node's id, or {@code auto}, which takes it from the host's name or address
 * @param bind {@code HOST:PORT} where datagrams or connections leave and arrive
 * @param transport UDP or TCP
 * @param multicast {@code GROUP:PORT}
 * @param peers the nodes, {@code ID@HOST:PORT} each
 * @param discover where others may be found, as {@code totem node --discover} has it
 * @param advertise {@code HOST:PORT} where others reach this node
 * @param suite of the seal; {@code none} seals nothing
 * @param keyFile made by {@code totem keygen}
 * @param keyFileGroup whether the group of the key file may read it
 * @param keyVariable the environment variable that has the keys
 * @param stateDirectory where ring numbers are kept
 * @param startTimeout how long the context waits for the node to start
 * @param lease of the blocks
 */
@ConfigurationProperties("totem")
public record TotemProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("auto") String id,
        @DefaultValue("*:5405") String bind,
        @DefaultValue("udp") Transport transport,
        @Nullable String multicast,
        @DefaultValue List<String> peers,
        @DefaultValue List<String> discover,
        @Nullable String advertise,
        @DefaultValue("aes-256-gcm") String suite,
        @Nullable Path keyFile,
        @DefaultValue("false") boolean keyFileGroup,
        @Nullable String keyVariable,
        @Nullable Path stateDirectory,
        @DefaultValue("30s") Duration startTimeout,
        @DefaultValue("4s") Duration lease) {

    public TotemProperties {
        requireNonNull(id, "id");
        requireNonNull(bind, "bind");
        requireNonNull(transport, "transport");
        requireNonNull(suite, "suite");
        requireNonNull(startTimeout, "startTimeout");
        requireNonNull(lease, "lease");
        peers = List.copyOf(requireNonNull(peers, "peers"));
        discover = List.copyOf(requireNonNull(discover, "discover"));
    }

    /** By what frames go. */
    public enum Transport {
        UDP,
        TCP
    }
}

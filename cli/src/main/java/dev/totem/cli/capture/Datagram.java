/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.capture;

import java.nio.ByteBuffer;

/** What a packet is. Immutable, any thread. */
sealed interface Datagram {

    /**
     * A whole datagram.
     *
     * @param from {@code ADDRESS:PORT}
     * @param payload big-endian
     */
    record Udp(String from, String to, ByteBuffer payload) implements Datagram {}

    /**
     * Nothing that this looks at.
     *
     * @param what {@code TCP}, {@code ARP}, …
     */
    record Other(String what) implements Datagram {}

    /** Something that cannot be read, and why. */
    record Unreadable(String why) implements Datagram {}
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

import java.util.Locale;

/** The kinds of things that go wrong in random schedules; a schedule may have any of them, each as often as chance says. */
public enum Fault {
    /** Datagrams are lost, everywhere or in one direction. */
    LOSS,
    /** Large datagrams are lost, everywhere or in one direction. */
    LARGE_LOSS,
    /** Datagrams arrive twice. */
    DUPLICATION,
    /** Datagrams overtake others. */
    REORDERING,
    /** Datagrams take longer, more or less, everywhere or in one direction. */
    DELAY,
    /** Datagrams of the past, of earlier rings too, arrive again. */
    REPLAY,
    /** Nothing gets from one node to another, while it does the other way. */
    ONE_WAY,
    /** What one node sends to all is lost, while its tokens arrive. */
    MULTICAST_LOSS,
    /** Tokens of one node to another are lost, while what it sends to all arrives. */
    UNICAST_LOSS,
    /** No token arrives for a while. */
    TOKEN_LOSS,
    /** The network falls into parts. */
    PARTITION,
    /** A node dies, and may come back. */
    CRASH,
    /** What comes back finds its stable storage empty, cut short or old. */
    STORAGE,
    /** A node leaves in order. */
    LEAVE,
    /** Nothing of a node runs for 0.1 to 5 token timeouts. */
    PAUSE,
    /** Stable storage is slow. */
    SLOW_DISK,
    /** A subscriber asks for nothing for a while, and holds the ring back. */
    SLOW_SUBSCRIBER,
    /** Clocks run at different rates. */
    CLOCK_SKEW,
    /** A second node with the id of another one starts. */
    TWIN;

    /** The name on a command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import dev.totem.core.Statistic;

/** What an executive counts: the statistics of {@link TotemServer#stats()}. Any thread. */
public final class ServerStatistics {

    public static final Statistic SESSIONS = Statistic.gauge("client-sessions", "", "sessions of clients");
    public static final Statistic CONNECTIONS = counter("client-connections", "connections made");
    public static final Statistic CONNECTIONS_REFUSED = counter(
            "client-connections-refused", "connections ended before a session, and clients that may not attach");
    public static final Statistic VIOLATIONS =
            counter("client-violations", "sessions ended because the client broke the protocol");
    public static final Statistic SESSIONS_RESUMED =
            counter("client-sessions-resumed", "sessions that went on after a lost connection");
    public static final Statistic SESSIONS_EXPIRED =
            counter("client-sessions-expired", "sessions ended because the client did not come back in time");
    public static final Statistic SESSIONS_OVERRUN =
            counter("client-sessions-overrun", "sessions ended because more waited for the client than is kept");
    public static final Statistic OPERATIONS_DENIED =
            counter("client-operations-denied", "operations that the client may not ask for");
    public static final Statistic EVENTS = counter("client-events", "events handed to clients");
    public static final Statistic OPERATIONS = counter("client-operations", "operations that clients asked for");

    private ServerStatistics() {}

    private static Statistic counter(String name, String meaning) {
        return Statistic.counter(name, "", meaning);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import static java.util.Objects.requireNonNull;

/**
 * Who a client has proven to be. Immutable, any thread.
 *
 * @param kind how
 * @param name of the user id, in digits; of the subject of the certificate; or that which belongs to the token
 */
public record ClientIdentity(Kind kind, String name) {

    /** What an identity rests on. */
    public enum Kind {
        /** A process of this user id, as the system says, or one that may open the socket's file. */
        USER,
        /** The holder of a certificate's key. */
        CERTIFICATE,
        /** Who knows a token. */
        TOKEN
    }

    public ClientIdentity {
        requireNonNull(kind, "kind");
        requireNonNull(name, "name");
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(java.util.Locale.ROOT) + ":" + name;
    }
}

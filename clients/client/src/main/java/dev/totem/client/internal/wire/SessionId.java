/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.wire;

/** The secret that a session is resumed with: 128 random bits; all zero asks for a new one. */
public record SessionId(long high, long low) {

    public static final SessionId NONE = new SessionId(0, 0);

    /** Says nothing of the bits. */
    @Override
    public String toString() {
        return equals(NONE) ? "no session" : "a session";
    }
}

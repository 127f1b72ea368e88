/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server.internal;

import dev.totem.client.internal.wire.Frame;

/**
 * What each client is given.
 *
 * @param clients the most sessions
 * @param retainedBytes what is kept of what a client was told and has not confirmed
 * @param client what it is told of
 */
public record ServerLimits(int clients, int retainedBytes, Frame.Limits client) {

    /** Of a client that confirms nothing this much is kept, then its session ends: outcomes are more than it may ask for. */
    long retainedBytesMost() {
        return 2L * retainedBytes + client.messageBytes();
    }
}

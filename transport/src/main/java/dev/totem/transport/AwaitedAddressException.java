/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

/** This host does not have the address that is to be bound, and may have it later. */
final class AwaitedAddressException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    AwaitedAddressException(Endpoint bind) {
        super("bind=" + bind + ": this host has no such address yet; the node starts when it has");
    }
}

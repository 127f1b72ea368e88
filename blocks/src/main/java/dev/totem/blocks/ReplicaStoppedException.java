/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

/** A replica that cannot go on: it does not know a command, its machine threw, or it misses what follows. */
public final class ReplicaStoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ReplicaStoppedException(String message, Throwable cause) {
        super(message, cause);
    }
}

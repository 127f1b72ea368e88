/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

/** A subscriber of a watch did not keep up with the changes: it is told no more of them, and can watch again. */
public final class WatchOverflowException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public WatchOverflowException(String message) {
        super(message);
    }
}

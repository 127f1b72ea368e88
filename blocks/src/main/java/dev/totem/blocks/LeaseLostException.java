/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

/** A lock was lost while it was in use; somebody else may hold it now. */
public final class LeaseLostException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LeaseLostException(String lock, String token, String why) {
        super("lock " + lock + " with token " + token + " was lost: " + why
                + "; what was done under it may be cut short, acquire it again");
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

/**
 * The ring was to seal with another key, and a member does not have it: nothing has changed. A retry helps when the key is in that
 * member's key file, which is read again each time.
 */
public final class KeyMissingException extends TotemException {

    private static final long serialVersionUID = 1L;

    private final int key;
    private final int member;

    /** @param key its number in the key files, 1 to 255 */
    public KeyMissingException(int key, NodeId member) {
        super("key=" + key + ": node " + requireNonNull(member, "member")
                + " has no such key in its key file, or has replaced it; copy the file with it there and try again");
        this.key = key;
        this.member = member.value();
    }

    /** The number of the key in the key files. */
    public int key() {
        return key;
    }

    /** Who does not have it: the first that said so, or the node that was asked. */
    public NodeId member() {
        return NodeId.of(member);
    }

    @Override
    public boolean retryCanHelp() {
        return true;
    }
}

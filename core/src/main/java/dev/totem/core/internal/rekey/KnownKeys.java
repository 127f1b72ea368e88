/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.rekey;

/** What a node knows of its keys; they are ordered from old to new. Node loop only. */
public interface KnownKeys {

    /** The key that the node seals with; 0 if there are no keys. */
    int sealing();

    /** Whether frames that are sealed with a key open. */
    boolean has(int id);

    /** Whether a key that there is comes after the one that seals. */
    boolean isNewer(int id);

    /** The key after the one that seals; 0 if there is none. */
    int next();
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

/** What a node with several networks sends on which of them. */
public enum Replication {
    /** Messages on one network after the other, tokens and what forms a ring on all: the networks share the load. */
    PASSIVE,

    /** Everything on all networks: what one of them loses costs no time. */
    ACTIVE
}

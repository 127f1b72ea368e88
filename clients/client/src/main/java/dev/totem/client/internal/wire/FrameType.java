/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.wire;

/** The first byte of each frame. */
final class FrameType {

    static final int HELLO = 1;
    static final int ACK = 2;
    static final int WELCOME = 3;
    static final int REFUSED = 4;

    static final int OPEN = 16;
    static final int GROUPS = 17;
    static final int SEND = 18;
    static final int ABANDON = 19;
    static final int CLOSE = 20;
    static final int SUBSCRIBE = 21;
    static final int REQUEST = 22;
    static final int CANCEL = 23;
    static final int ASK_STATS = 24;
    static final int ASK_MEMBERSHIP = 25;
    static final int BYE = 26;
    static final int ASK_HEALTH = 27;

    static final int OPENED = 32;
    static final int DONE = 33;
    static final int FAILED = 34;
    static final int EVENT = 35;
    static final int COMPLETE = 36;
    static final int BROKEN = 37;
    static final int ROLL = 38;
    static final int STATS = 39;
    static final int MEMBERS = 40;
    static final int ENDED = 41;
    static final int HEALTH = 42;

    static final int DELIVERY = 1;
    static final int CONFIG_CHANGE = 2;
    static final int GROUP_CHANGE = 3;

    /** {@code TOTC}: no other protocol begins like this. */
    static final int MAGIC = 0x544F5443;

    static final int VERSION = 1;

    private FrameType() {}
}

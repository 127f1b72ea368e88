/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.packing;

/** Where the fields of a packet stand; {@link Packer} says what they mean. */
final class PacketFormat {

    /** The first piece continues a message that an earlier packet began; its offset follows the number. */
    static final int FIRST_CONTINUES = 1;

    /** The last piece is continued in a later packet. */
    static final int LAST_IS_CONTINUED = 1 << 1;

    /** Two bits: unused bytes at the end, 0 to 2. */
    static final int PADDING_SHIFT = 2;

    static final int PADDING_MASK = 3 << PADDING_SHIFT;
    static final int PADDING_MAX = 2;
    static final int FLAGS_MASK = FIRST_CONTINUES | LAST_IS_CONTINUED | PADDING_MASK;

    static final int FLAGS_BYTES = 1;
    static final int NUMBER_BYTES = 8;
    static final int OFFSET_BYTES = 4;
    static final int LENGTH_BYTES = 2;
    static final int HEADER_BYTES = FLAGS_BYTES + NUMBER_BYTES;
    static final int HEADER_BYTES_MAX = HEADER_BYTES + OFFSET_BYTES;

    private PacketFormat() {}
}

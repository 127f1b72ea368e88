/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.packing;

import dev.totem.core.Guarantee;
import java.nio.ByteBuffer;

/**
 * What one regular message carries: pieces of application messages of one guarantee ({@code PROTOCOL.md} 4.11, 6.2).
 *
 * @param bytes the packet from position to limit; not written after it was handed over
 */
public record Packet(Guarantee guarantee, ByteBuffer bytes) {}

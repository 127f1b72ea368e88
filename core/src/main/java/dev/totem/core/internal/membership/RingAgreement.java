/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import dev.totem.core.NodeId;

/**
 * What the members of a ring make of their different settings, as far as this node has heard them. Immutable, any thread.
 *
 * @param messageBytesMax the largest payload that may be sent: the least that a member takes
 * @param limitedBy whose that is; this node if nobody's is less
 * @param differences settings of other members that are not as here
 * @param version which version of the message format the ring speaks, the same at all members
 */
public record RingAgreement(long messageBytesMax, NodeId limitedBy, int differences, int version) {}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import dev.totem.transport.UdpTotem;
import java.util.function.UnaryOperator;

/** What the properties do not say of a node on UDP. Beans of this type are applied in their order, before the node is started. */
@FunctionalInterface
public interface UdpTotemCustomizer extends UnaryOperator<UdpTotem> {}

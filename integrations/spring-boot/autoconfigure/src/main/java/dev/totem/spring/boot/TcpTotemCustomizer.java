/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import dev.totem.transport.TcpTotem;
import java.util.function.UnaryOperator;

/** What the properties do not say of a node on TCP. Beans of this type are applied in their order, before the node is started. */
@FunctionalInterface
public interface TcpTotemCustomizer extends UnaryOperator<TcpTotem> {}

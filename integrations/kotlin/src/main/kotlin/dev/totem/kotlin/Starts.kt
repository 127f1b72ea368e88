/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.core.TotemNode
import dev.totem.transport.TcpTotem
import dev.totem.transport.UdpTotem

/** [UdpTotem.start]. A node that starts when nobody waits for it any more leaves at once. */
public suspend fun UdpTotem.startAndAwait(): TotemNode = start().awaitOwned { it.dispose() }

/** [TcpTotem.start]. A node that starts when nobody waits for it any more leaves at once. */
public suspend fun TcpTotem.startAndAwait(): TotemNode = start().awaitOwned { it.dispose() }

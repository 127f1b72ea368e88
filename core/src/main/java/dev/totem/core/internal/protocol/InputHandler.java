/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.internal.message.ProtocolMessage;

/** One method a kind of input. */
public interface InputHandler {

    void start(long storedRingSeq);

    void received(ProtocolMessage message);

    void timerDue();

    void submitted();

    void holdBack(boolean on);

    void leave();
}

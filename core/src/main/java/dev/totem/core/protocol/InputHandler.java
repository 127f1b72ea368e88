/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.protocol;

import dev.totem.core.message.ProtocolMessage;
import dev.totem.core.ordering.Restraint;

/** One method a kind of input. */
public interface InputHandler {

    void start(Input.Start start);

    void received(ProtocolMessage message);

    void timerDue();

    void submitted();

    void holdBack(Restraint restraint);

    void leave();
}

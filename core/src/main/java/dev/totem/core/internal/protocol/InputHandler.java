/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.ChangeCause;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.ordering.Restraint;

/** One method a kind of input. */
public interface InputHandler {

    void start(Input.Start start);

    void received(ProtocolMessage message);

    void timerDue();

    void submitted();

    void refused(ChangeCause.KeyUnknown.Why why);

    void holdBack(Restraint restraint);

    void leave();
}

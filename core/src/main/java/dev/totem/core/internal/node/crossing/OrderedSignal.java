/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

/** A signal with its place in the one order: how a send ended. The turn's. */
public interface OrderedSignal extends HandleLane.Signal {

    /** The place in the order of the first event that it need not wait for. */
    int after();
}

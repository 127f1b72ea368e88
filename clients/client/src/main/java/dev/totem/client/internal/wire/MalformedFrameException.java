/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.wire;

/** Bytes that are no frame of the protocol, or a frame that the other side may not send now. */
public final class MalformedFrameException extends Exception {

    private static final long serialVersionUID = 1L;

    public MalformedFrameException(String what) {
        super(what);
    }

    MalformedFrameException(String what, Throwable cause) {
        super(what, cause);
    }
}

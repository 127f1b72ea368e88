/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.TotemException;
import dev.totem.core.packing.OutgoingMessage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/** One subscription of a send, from the subscriber to its only signal. Node loop only. */
final class PendingSend {

    private final HandleState handle;
    private final Message message;
    private final MonoSink<Position> sink;
    private @Nullable OutgoingMessage<PendingSend> outgoing;

    PendingSend(HandleState handle, Message message, MonoSink<Position> sink) {
        this.handle = handle;
        this.message = message;
        this.sink = sink;
    }

    HandleState handle() {
        return handle;
    }

    Message message() {
        return message;
    }

    /** What was put into the packer's queue; null before the send was accepted. */
    @Nullable
    OutgoingMessage<PendingSend> outgoing() {
        return outgoing;
    }

    OutgoingMessage<PendingSend> outgoing(byte[] envelope) {
        OutgoingMessage<PendingSend> made =
                new OutgoingMessage<>(message.guarantee(), envelope, message.payload(), this);
        outgoing = made;
        return made;
    }

    /** The signal that ends it well; for the handle's lane. */
    Runnable success(Position position) {
        return () -> sink.success(position);
    }

    void fail(TotemException reason) {
        handle.signals().emit(() -> sink.error(reason));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import dev.totem.core.BufferLimits;
import dev.totem.core.ConfigurationException;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.SendFailedException;
import dev.totem.core.group.GroupEnvelope;
import dev.totem.core.packing.OutgoingMessage;
import dev.totem.core.packing.Packer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The sends under way: into the packer's queue, and from the order back to their subscribers. Node loop only. */
final class PendingSends {

    private final Packer<PendingSend> packer;
    private final BufferLimits limits;
    private final Map<HandleSignals, List<Runnable>> successes = new LinkedHashMap<>();

    PendingSends(Packer<PendingSend> packer, BufferLimits limits) {
        this.packer = packer;
        this.limits = limits;
    }

    /** Puts a send last in the queue, or refuses it. */
    void accept(PendingSend send) {
        HandleState handle = send.handle();
        int bytes = send.message().payload().length;
        if (handle.isClosing()) {
            send.fail(SendFailedException.refused("the handle is closed"));
        } else if (bytes > limits.messageBytesMax()) {
            send.fail(SendFailedException.refused("payload of " + bytes + " bytes is above max-message-size "
                    + limits.messageBytesMax() + "; raise it at every node or send less"));
        } else {
            try {
                enqueue(send);
            } catch (ConfigurationException tooManyGroups) {
                send.fail(SendFailedException.refused(String.valueOf(tooManyGroups.getMessage())));
            }
        }
    }

    /** Takes a send out of the queue unless a part of it was originated. */
    void cancel(PendingSend send) {
        OutgoingMessage<PendingSend> outgoing = send.outgoing();
        if (outgoing != null && packer.cancel(outgoing)) {
            send.handle().accepted().remove(send);
        }
    }

    /** An own message was delivered. */
    void delivered(long number, Position position) {
        packer.delivered(number).map(OutgoingMessage::attachment).ifPresent(send -> {
            send.handle().accepted().remove(send);
            successes
                    .computeIfAbsent(send.handle().signals(), signals -> new ArrayList<>())
                    .add(send.success(position));
        });
    }

    /** Ends a batch of deliveries, after the subscribers that saw them were woken. */
    void flush() {
        successes.forEach(HandleSignals::emitAll);
        successes.clear();
    }

    /** Gives up what a handle has under way, each with its fate. */
    void giveUp(HandleState handle, String why) {
        for (PendingSend send : List.copyOf(handle.accepted())) {
            OutgoingMessage<PendingSend> outgoing = send.outgoing();
            boolean isUnseen = outgoing == null || packer.cancel(outgoing);
            handle.accepted().remove(send);
            send.fail(
                    isUnseen
                            ? SendFailedException.refused(why + " before the message was ordered")
                            : SendFailedException.unknown(why + " before the message came back"));
        }
    }

    private void enqueue(PendingSend send) {
        Message message = send.message();
        Optional<byte[]> envelope = message.groups().isEmpty()
                ? send.handle().joinedEnvelope()
                : Optional.of(new GroupEnvelope(message.groups()).encode());
        if (envelope.isEmpty()) {
            send.fail(SendFailedException.refused("the handle has joined no group, so the message goes nowhere: join"
                    + " one first, or name the groups"));
            return;
        }
        send.handle().accepted().add(send);
        packer.add(send.outgoing(envelope.get()));
    }
}

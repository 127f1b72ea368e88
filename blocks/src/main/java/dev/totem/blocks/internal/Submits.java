/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.core.Position;
import dev.totem.core.SendFailedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.MonoSink;

/** Own commands and what becomes of them. One thread. */
final class Submits {

    private final Map<Long, Submit> open = new LinkedHashMap<>();
    private final Map<Position, Submit> delivered = new HashMap<>();
    private long lastTag;

    private static final class Submit {

        private final long tag;
        private final byte[] command;
        private final MonoSink<Object> sink;
        private @Nullable Disposable send;
        private @Nullable Position position;

        Submit(long tag, byte[] command, MonoSink<Object> sink) {
            this.tag = tag;
            this.command = command;
            this.sink = sink;
        }
    }

    /** Another one, to be sent by {@link #sendWaiting}; the tag is its name. */
    long add(byte[] command, MonoSink<Object> sink) {
        long tag = ++lastTag;
        open.put(tag, new Submit(tag, command, sink));
        return tag;
    }

    /** Sends those that were not sent yet. */
    void sendWaiting(Sender sender) {
        for (Submit submit : List.copyOf(open.values())) {
            if (submit.send == null) {
                submit.send = sender.send(submit.tag, submit.command, failed -> failed(submit.tag, failed));
            }
        }
    }

    @FunctionalInterface
    interface Sender {
        Disposable send(long tag, byte[] command, Consumer<Throwable> onFailed);
    }

    void cancelled(long tag) {
        Submit submit = remove(tag);
        if (submit != null && submit.send != null) {
            submit.send.dispose();
        }
    }

    private @Nullable Submit remove(long tag) {
        Submit submit = open.remove(tag);
        if (submit != null && submit.position != null) {
            delivered.remove(submit.position);
        }
        return submit;
    }

    private void failed(long tag, Throwable failure) {
        Submit submit = remove(tag);
        if (submit != null) {
            submit.sink.error(failure);
        }
    }

    /** It came back in its place of the order, and nothing is decided yet. */
    void delivered(long tag, Position position) {
        Submit submit = open.get(tag);
        if (submit != null) {
            submit.position = position;
            delivered.put(position, submit);
        }
    }

    void applied(Position position, Object answer) {
        Submit submit = delivered.get(position);
        if (submit == null) {
            return;
        }
        remove(submit.tag);
        if (answer == Applied.STRANGER) {
            submit.sink.error(SendFailedException.refused("this member had been given up by the others when its command"
                    + " was ordered; it takes part again now, and the command can be submitted again"));
        } else {
            submit.sink.success(answer);
        }
    }

    /** It is in the order where nothing can be decided. */
    void refuse(Position position, String why) {
        Submit submit = delivered.get(position);
        if (submit != null) {
            failed(submit.tag, new SendFailedException(SendFailedException.Fate.REFUSED, why, true));
        }
    }

    /** Those that were not sent yet. */
    void refuseWaiting(String why) {
        for (Submit submit : List.copyOf(open.values())) {
            if (submit.send == null) {
                failed(submit.tag, new SendFailedException(SendFailedException.Fate.REFUSED, why, true));
            }
        }
    }

    /** Those that were delivered: whether others count them is for others to decide. */
    void lose(String why) {
        List.copyOf(delivered.values()).forEach(submit -> failed(submit.tag, SendFailedException.unknown(why)));
    }

    /** Those that were sent: their results would come from a state that is given up. */
    void loseSent(String why) {
        for (Submit submit : List.copyOf(open.values())) {
            if (submit.send != null) {
                failed(submit.tag, SendFailedException.unknown(why));
            }
        }
    }

    /** All is applied: what was delivered and is not in it, is in no log that goes on, or came with a state as a whole. */
    void settle(boolean cameAsAWhole) {
        for (Submit submit : List.copyOf(delivered.values())) {
            failed(
                    submit.tag,
                    cameAsAWhole
                            ? SendFailedException.unknown(
                                    "the state came as a whole from another member: it may have the"
                                            + " command in it, but not its result")
                            : new SendFailedException(
                                    SendFailedException.Fate.REFUSED,
                                    "the primary went on without it: nobody will apply it",
                                    true));
        }
    }

    /** All, as the replica ends. */
    void endAll(String why) {
        for (Submit submit : new ArrayList<>(open.values())) {
            boolean isSent = submit.send != null;
            failed(submit.tag, isSent ? SendFailedException.unknown(why) : SendFailedException.refused(why));
        }
    }
}

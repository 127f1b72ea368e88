/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.SendFailedException;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a replica sends, and the groups it sends to. Any thread. */
final class Outbox {

    private final EvsHandle handle;
    private final String name;
    private volatile boolean isSilent;

    Outbox(EvsHandle handle, String name) {
        this.handle = handle;
        this.name = name;
    }

    Mono<Void> join(NodeId self) {
        return handle.join(name, privately(self)).then();
    }

    boolean isToAll(GroupName group) {
        return group.equals(GroupName.of(name));
    }

    private String privately(NodeId node) {
        return name + "/" + node;
    }

    /** To all, and safe: what follows from it, follows at everybody who was there. */
    void send(Frame frame) {
        // Fails only if the node ends, which the events say too.
        send(FrameCodec.encode(frame), failed -> {});
    }

    Disposable send(byte[] payload, Consumer<Throwable> onFailed) {
        if (isSilent) {
            onFailed.accept(SendFailedException.refused("the replica closes"));
            return Disposables.disposed();
        }
        return handle.send(Message.to(name).safe().payload(payload)).subscribe(position -> {}, onFailed);
    }

    /** Says one thing more, and nothing after it: nobody hears of a member behind its farewell. To be subscribed on its thread. */
    Mono<Void> last(Frame frame) {
        return Mono.defer(() -> {
                    isSilent = true;
                    return handle.send(Message.to(name).safe().payload(FrameCodec.encode(frame)));
                })
                .then();
    }

    /** To all, and safe, as fast as the ring admits. */
    Disposable streamToAll(Flux<? extends Frame> frames) {
        if (isSilent) {
            return Disposables.disposed();
        }
        return handle.sendAll(frames.map(frame -> Message.to(name).safe().payload(FrameCodec.encode(frame))))
                .subscribe(position -> {}, failed -> {});
    }

    /** To one, as fast as the ring admits. */
    Disposable stream(NodeId to, Flux<? extends Frame> parts, Consumer<Throwable> onFailed) {
        if (isSilent) {
            return Disposables.disposed();
        }
        String group = privately(to);
        return handle.sendAll(parts.map(part -> Message.to(group).payload(FrameCodec.encode(part))))
                .subscribe(position -> {}, onFailed);
    }
}

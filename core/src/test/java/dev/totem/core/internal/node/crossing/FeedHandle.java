/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.crossing;

import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.Message;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.Position;
import dev.totem.core.Settings;
import dev.totem.core.internal.node.LiveNode;
import dev.totem.core.internal.settings.BufferLimits;
import dev.totem.core.internal.settings.NodeSettings;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The streams of a handle, fed by a loop of its own with so many times the same event; for -1 they fail at once. */
public final class FeedHandle implements EvsHandle {

    private static final BufferLimits LIMITS =
            NodeSettings.defaults().with(Settings.SUBSCRIBER_EVENTS, 64).buffers();

    private final EvsEvent event;
    private final long elements;

    public FeedHandle(EvsEvent event, long elements) {
        this.event = event;
        this.elements = elements;
    }

    @Override
    public Flux<EvsEvent> events(OverflowPolicy policy) {
        HandleLane lane = new HandleLane(
                new LaneScheduler(
                        Schedulers.parallel(), Schedulers.parallel().createWorker(), new LiveNode.Loop(), thrown -> {}),
                LaneWatch.NONE);
        return EventStream.of(lane, SubscriberLimits.of(policy, LIMITS), new CountingFeed());
    }

    @Override
    public Mono<Position> join(Collection<GroupName> groups) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MemberId id() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Mono<Void> watch(Collection<GroupName> groups) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Mono<Void> unwatch(Collection<GroupName> groups) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<GroupMember> members(String group) {
        return List.of();
    }

    @Override
    public Mono<Position> leave(Collection<GroupName> groups) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<GroupName> groups() {
        return Set.of();
    }

    @Override
    public Mono<Position> send(Message message) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Flux<Position> sendAll(Publisher<Message> messages) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }

    @Override
    public void dispose() {}

    @Override
    public boolean isDisposed() {
        return false;
    }

    /** A loop of its own that offers each subscriber so many events as room comes, and fails at once for -1. */
    private final class CountingFeed implements EventStream.Feed {

        private final DeliveryMemory memory = new DeliveryMemory(1 << 20);
        private final Map<EventSubscription, Long> left = new ConcurrentHashMap<>();

        @Override
        public void attach(EventSubscription subscription) {
            left.put(subscription, elements);
            Schedulers.single().schedule(() -> {
                subscription.lane().attach(subscription);
                subscription.lane().wake();
                offer(subscription);
            });
        }

        @Override
        public void roomAgain(EventSubscription subscription) {
            Schedulers.single().schedule(() -> {
                if (subscription.isFinished()) {
                    subscription.lane().detach(subscription);
                } else {
                    offer(subscription);
                }
            });
        }

        @Override
        public void detach(EventSubscription subscription) {
            left.remove(subscription);
            Schedulers.single().schedule(() -> subscription.lane().sweep(subscription));
        }

        private void offer(EventSubscription subscription) {
            long more = left.getOrDefault(subscription, 0L);
            if (more < 0) {
                subscription.end(new IllegalStateException("failed on purpose"));
                return;
            }
            while (more > 0 && !subscription.isOver()) {
                if (!subscription.hasRoomFor(0) && !subscription.starve()) {
                    left.replace(subscription, more);
                    subscription.lane().wake();
                    return;
                }
                subscription.offer(memory.hold(event, 1));
                more--;
            }
            subscription.end(null);
        }
    }
}

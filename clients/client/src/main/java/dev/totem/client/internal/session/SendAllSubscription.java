/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.session;

import dev.totem.client.internal.wire.Frame;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.TotemException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A publisher of messages on its way to the executive: a message is requested when its position was, and when the operations of
 * the client have room for it. All state is the session loop's; signals downstream are the lane's.
 */
final class SendAllSubscription implements CoreSubscriber<Message>, Subscription {

    /** The most messages of one publisher on the way: most of the operations that an executive allows, the rest is for single ones. */
    private static final int IN_FLIGHT_MAX = 768;

    /** And about so many bytes of them, by the average of the last ones: twice what a handle in the node's process has. */
    private static final int IN_FLIGHT_BYTES = 1 << 20;

    private static final int IN_FLIGHT_LEAST = 4;

    private final AttachedHandle handle;
    private final CoreSubscriber<? super Position> actual;
    private final ArrayDeque<Operation> underWay = new ArrayDeque<>();

    private volatile @Nullable Subscription upstream;
    private volatile boolean isCancelled;

    // loop only
    private long demand;
    private long asked;
    private int averageBytes = IN_FLIGHT_BYTES / 16;
    private boolean isUpstreamOver;
    private boolean isOver;
    private @Nullable Throwable failure;

    SendAllSubscription(AttachedHandle handle, CoreSubscriber<? super Position> actual) {
        this.handle = handle;
        this.actual = actual;
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (upstream != null) {
            subscription.cancel();
            return;
        }
        upstream = subscription;
        loop(() -> {
            handle.attach(this);
            askMore();
        });
    }

    @Override
    public void onNext(Message message) {
        if (message == null) {
            throw new NullPointerException("message");
        }
        loop(() -> send(message));
    }

    @Override
    public void onError(Throwable reason) {
        if (reason == null) {
            throw new NullPointerException("reason");
        }
        loop(() -> {
            if (isOver || isUpstreamOver) {
                Operators.onErrorDropped(reason, currentContext());
                return;
            }
            isUpstreamOver = true;
            failure = reason;
            endIfNothingIsUnderWay();
        });
    }

    @Override
    public void onComplete() {
        loop(() -> {
            isUpstreamOver = true;
            endIfNothingIsUnderWay();
        });
    }

    @Override
    public void request(long n) {
        loop(() -> {
            if (n <= 0) {
                fail(new IllegalArgumentException(EventsSubscription.TOO_LITTLE + n));
                return;
            }
            demand = Operators.addCap(demand, n);
            askMore();
        });
    }

    @Override
    public void cancel() {
        isCancelled = true;
        loop(() -> {
            if (!isOver) {
                stop();
                takeBackAll();
            }
        });
    }

    /** Loop: the handle closes: upstream is asked for nothing more. */
    void close(TotemException reason) {
        if (!isUpstreamOver) {
            fail(reason);
        }
    }

    private void send(Message message) {
        if (isOver || isUpstreamOver) {
            Operators.onNextDropped(message, currentContext());
            return;
        }
        if (asked == 0) {
            fail(Exceptions.failWithOverflow("upstream has emitted more than was requested"));
            return;
        }
        asked--;
        averageBytes += (message.payload().length - averageBytes) / 8;
        Operation[] own = new Operation[1];
        own[0] = handle.sending(message, new Operation.Answer() {
            @Override
            public void done(Frame answer) {
                came(own[0], answer instanceof Frame.Done done ? done.position().orElse(null) : null);
            }

            @Override
            public void failed(TotemException reason) {
                if (underWay.remove(own[0])) {
                    takeBackAll();
                    fail(reason);
                }
            }
        });
        underWay.add(own[0]);
        handle.session().requests().submit(own[0]);
    }

    private void came(Operation operation, @Nullable Position position) {
        boolean wasUnderWay = underWay.remove(operation);
        if (isOver || position == null || !wasUnderWay) {
            return;
        }
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
        handle.lane().run(() -> give(position));
        endIfNothingIsUnderWay();
        askMore();
    }

    private void give(Position position) {
        if (isCancelled) {
            return;
        }
        try {
            actual.onNext(position);
        } catch (Throwable thrown) {
            cancel();
            Operators.onErrorDropped(thrown, currentContext());
        }
    }

    /** What was requested here is requested there, unless so much is on the way already. */
    private void askMore() {
        Subscription source = upstream;
        if (isOver || isUpstreamOver || source == null) {
            return;
        }
        int inFlight = Math.max(IN_FLIGHT_LEAST, Math.min(IN_FLIGHT_MAX, IN_FLIGHT_BYTES / Math.max(1, averageBytes)));
        long onTheWay = asked + underWay.size();
        long more = Math.min(demand, inFlight) - onTheWay;
        if (more > 0 && (onTheWay == 0 || more >= inFlight / 4 || demand < inFlight)) {
            asked += more;
            handle.lane().run(() -> source.request(more));
        }
    }

    /** An error comes after the positions of the messages before it. */
    private void fail(Throwable reason) {
        if (isOver) {
            return;
        }
        failure = failure == null ? reason : failure;
        Subscription source = upstream;
        if (!isUpstreamOver && source != null) {
            isUpstreamOver = true;
            source.cancel();
        }
        endIfNothingIsUnderWay();
    }

    private void endIfNothingIsUnderWay() {
        if (isOver || !isUpstreamOver || !underWay.isEmpty()) {
            return;
        }
        isOver = true;
        handle.detach(this);
        Throwable reason = failure;
        handle.lane().run(() -> {
            if (isCancelled) {
                return;
            }
            if (reason == null) {
                actual.onComplete();
            } else {
                actual.onError(reason);
            }
        });
    }

    private void stop() {
        isOver = true;
        handle.detach(this);
        Subscription source = upstream;
        if (!isUpstreamOver && source != null) {
            source.cancel();
        }
    }

    private void takeBackAll() {
        underWay.forEach(handle.session().requests()::abandon);
        underWay.clear();
    }

    private void loop(Runnable task) {
        handle.session().execute(task);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.keys;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.TotemException;
import dev.totem.core.internal.group.KeyNotice;
import dev.totem.core.internal.node.deliver.DispatchQueue;
import dev.totem.core.internal.node.observe.NodeObserver;
import dev.totem.core.internal.node.send.PendingSends;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.internal.rekey.KnownKeys;
import dev.totem.core.internal.rekey.RekeyEffect;
import dev.totem.core.internal.rekey.RekeyEffect.News;
import dev.totem.core.internal.rekey.RekeyInput;
import dev.totem.core.internal.rekey.RekeyMachine;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.SealKeys;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/** Drives {@link RekeyMachine}: feeds it and carries out its effects, in order. Node loop only. */
public final class KeyRotation implements DispatchQueue.KeyNotices {

    private final SealKeys keys;
    private final Surroundings surroundings;
    private final RekeyMachine machine;
    private final Queue<RekeyInput> inputs = new ArrayDeque<>();
    private final Map<Long, MonoSink<Position>> requests = new LinkedHashMap<>();
    private long lastRequest;
    private boolean isStepping;

    /**
     * What rotation needs of the node.
     *
     * @param onLoop runs a task on the loop, unless the node has ended
     */
    public record Surroundings(
            DatagramSeal seal,
            PendingSends sends,
            Consumer<Runnable> onLoop,
            Supplier<RingPhase> phase,
            LongSupplier nowNanos,
            NodeObserver observer) {}

    /** The machine looks at the keys; only the effects change them. */
    private record Known(SealKeys keys) implements KnownKeys {

        @Override
        public int sealing() {
            return keys.sealing();
        }

        @Override
        public boolean has(int id) {
            return keys.has(id);
        }

        @Override
        public boolean isNewer(int id) {
            return keys.isNewer(id);
        }

        @Override
        public int next() {
            return keys.next();
        }
    }

    public KeyRotation(NodeId self, SealKeys keys, Surroundings surroundings) {
        this.keys = keys;
        this.surroundings = surroundings;
        this.machine = new RekeyMachine(self, new Known(keys));
        surroundings.observer().counters().sealingKey(keys.sealing());
    }

    /** Somebody wants the ring to seal with a key, and to leave a member out if one is named. */
    public void request(int keyId, Optional<NodeId> without, MonoSink<Position> sink) {
        lastRequest++;
        requests.put(lastRequest, sink);
        step(new RekeyInput.Requested(lastRequest, keyId, without));
    }

    /** The requester no longer waits. A proposal that was made goes on. */
    public void cancel(MonoSink<Position> sink) {
        requests.entrySet().stream()
                .filter(request -> request.getValue() == sink)
                .map(Map.Entry::getKey)
                .findFirst()
                .ifPresent(request -> {
                    requests.remove(request);
                    step(new RekeyInput.Cancelled(request));
                });
    }

    /** Frames have been opened; they may have been sealed with a newer key. */
    public void heard() {
        if (keys.isDue()) {
            step(new RekeyInput.Due());
        }
        int newest = keys.newestHeard();
        if (newest != keys.sealing() && keys.isNewer(newest)) {
            step(new RekeyInput.HeardNewer(newest, surroundings.phase().get() == RingPhase.OPERATIONAL));
        }
    }

    /** A frame did not open, because its key is missing here. The key file may have it by now. */
    public void lacking() {
        step(new RekeyInput.Lacked(keys.lastLacked()));
    }

    @Override
    public void changed(ConfigChange change) {
        step(new RekeyInput.Changed(change));
    }

    @Override
    public void noticed(NodeId sender, KeyNotice notice, Position position) {
        step(new RekeyInput.Noticed(sender, notice, position));
    }

    /** What happens while effects are carried out has its turn after them. */
    private void step(RekeyInput input) {
        inputs.add(input);
        if (isStepping) {
            return;
        }
        isStepping = true;
        try {
            for (RekeyInput next = inputs.poll(); next != null; next = inputs.poll()) {
                machine.step(surroundings.nowNanos().getAsLong(), next).forEach(this::carryOut);
            }
        } finally {
            isStepping = false;
        }
    }

    private void carryOut(RekeyEffect effect) {
        if (effect instanceof RekeyEffect.Read read) {
            read(read.purpose());
        } else if (effect instanceof RekeyEffect.Say say) {
            surroundings.sends().accept(say.notice());
        } else if (effect instanceof RekeyEffect.SealWith seal) {
            keys.sealWith(seal.keyId());
            surroundings.observer().counters().sealingKey(seal.keyId());
        } else if (effect instanceof RekeyEffect.RetireOlder) {
            keys.retireOlder();
        } else if (effect instanceof RekeyEffect.Keep keep) {
            whenDone(surroundings.seal().keepActive(keep.keyId()), failure -> {
                if (failure != null) {
                    surroundings.observer().log().keyNotKept(failure);
                }
            });
        } else if (effect instanceof RekeyEffect.Succeeded succeeded) {
            end(succeeded.request(), sink -> sink.success(succeeded.position()));
        } else if (effect instanceof RekeyEffect.Failed failed) {
            end(failed.request(), sink -> sink.error(failed.reason()));
        } else if (effect instanceof RekeyEffect.Tell tell) {
            tell(tell.news());
        }
    }

    private void read(RekeyEffect.Purpose purpose) {
        whenDone(surroundings.seal().reload(), failure -> {
            if (failure == null) {
                keys.refresh();
            }
            step(new RekeyInput.Read(purpose, Optional.ofNullable(failure)));
        });
    }

    private void whenDone(CompletionStage<Void> stage, Consumer<@Nullable Throwable> then) {
        stage.whenComplete((nothing, failure) -> surroundings
                .onLoop()
                .accept(() -> then.accept(
                        failure != null && failure.getCause() instanceof TotemException known ? known : failure)));
    }

    private void end(long request, Consumer<MonoSink<Position>> outcome) {
        MonoSink<Position> sink = requests.remove(request);
        if (sink != null) {
            outcome.accept(sink);
        }
    }

    private void tell(News news) {
        NodeObserver observer = surroundings.observer();
        if (news instanceof News.Switched switched) {
            observer.rekeyed(switched.keyId(), switched.position());
        } else if (news instanceof News.Refused refused) {
            observer.rekeyRefused(refused.keyId(), refused.lacking(), refused.reason());
        } else if (news instanceof News.Expelling expelling) {
            observer.expelling(expelling.without(), expelling.keyId(), expelling.by());
        } else if (news instanceof News.Lacking lacking) {
            observer.lacksKey(lacking.keyId(), lacking.sealing());
        } else if (news instanceof News.NoNext none) {
            observer.log().noNextKey(none.sealing());
        } else if (news instanceof News.NotRead notRead) {
            observer.log().keysNotRead(notRead.reason());
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.ConfigChange;
import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.TotemException;
import dev.totem.core.internal.group.KeyNotice;
import dev.totem.core.internal.group.KeyNotice.Step;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.SealKeys;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/**
 * Decides which key the node seals with. All members switch at the same position of the order. Node loop only.
 *
 * <p>The steps travel as messages of the order:
 *
 * <ol>
 *   <li>Somebody proposes a key.
 *   <li>Each member says that it is ready, or that it lacks the key. If one lacks it, the attempt ends.
 *   <li>At the message of the last member that is ready, all switch. Each says that it has switched.
 *   <li>At the message of the last member that has switched, all forget the older keys. What was sealed with them before has
 *       been received by then.
 * </ol>
 *
 * <p>A member that is to be left out is not waited for and not heeded. It does not have the key, so it is lost to the ring
 * with the next token, as a member that does not answer is.
 *
 * <p>A configuration change ends the attempt. Whoever wanted the switch proposes it again in the next regular configuration.
 *
 * <p>While a ring is being formed, there is no order that all share. A node then takes over any newer key that it hears. The
 * members of the next ring have all heard each other, so they seal with one key when it is installed. A ring may also hear a
 * newer key from an outsider. It then proposes that key to itself, because the two cannot merge before they share a key.
 */
final class KeyRotation implements DispatchQueue.KeyNotices {

    /** Least time between two reads of the keys because frames do not open. Strangers can send such frames. */
    private static final long RELOAD_NANOS = 5_000_000_000L;

    /** Least time between two proposals, or complaints, because the key in use has become old. */
    private static final long DUE_NANOS = 60_000_000_000L;

    private final NodeId self;
    private final SealKeys keys;
    private final Surroundings surroundings;
    private final List<Request> requests = new ArrayList<>();

    private List<NodeId> members = List.of();
    private boolean isRegular;
    private @Nullable Attempt attempt;

    /** The key that was heard from outside and proposed in this configuration; 0 if none. */
    private int followed;

    private int keptActive;
    private boolean hasReloaded;
    private long reloadedNanos;
    private boolean hasProposed;
    private long proposedNanos;

    /**
     * What rotation needs of the node.
     *
     * @param onLoop runs a task on the loop, unless the node has ended
     */
    record Surroundings(
            DatagramSeal seal,
            PendingSends sends,
            Consumer<Runnable> onLoop,
            Supplier<RingPhase> phase,
            LongSupplier nowNanos,
            NodeObserver observer) {}

    /** @param without who is to be left out, if somebody is */
    private record Request(int keyId, @Nullable NodeId without, MonoSink<Position> sink) {}

    /** A switch that was proposed in this configuration. */
    private static final class Attempt {

        private final int keyId;
        private final Set<NodeId> ready = new HashSet<>();
        private final Set<NodeId> switched = new HashSet<>();
        private @Nullable Position position;
        private @Nullable NodeId without;

        Attempt(int keyId) {
            this.keyId = keyId;
        }

        private boolean isOfAll(Set<NodeId> those, List<NodeId> members) {
            return members.stream().allMatch(member -> member.equals(without) || those.contains(member));
        }
    }

    KeyRotation(NodeId self, SealKeys keys, Surroundings surroundings) {
        this.self = self;
        this.keys = keys;
        this.surroundings = surroundings;
        this.keptActive = keys.sealing();
        surroundings.observer().counters().sealingKey(keys.sealing());
    }

    /** Somebody wants the ring to seal with a key, and to leave a member out if one is named. */
    void request(int keyId, Optional<NodeId> without, MonoSink<Position> sink) {
        reload(() -> accept(new Request(keyId, without.orElse(null), sink)), sink::error);
    }

    /** The requester no longer waits. A proposal that was made goes on. */
    void cancel(MonoSink<Position> sink) {
        requests.removeIf(request -> request.sink() == sink);
    }

    /** Frames have been opened; they may have been sealed with a newer key. */
    void heard() {
        if (keys.isDue()) {
            due();
        }
        int newest = keys.newestHeard();
        if (newest == keys.sealing() || !keys.isNewer(newest)) {
            return;
        }
        if (surroundings.phase().get() != RingPhase.OPERATIONAL) {
            sealWith(newest);
        } else if (isRegular && newest != followed && (attempt == null || attempt.keyId != newest)) {
            followed = newest;
            say(Step.PROPOSED, newest);
        }
    }

    /** The key in use has become old: somebody may have added another. */
    private void due() {
        long now = surroundings.nowNanos().getAsLong();
        if (!isRegular || attempt != null || (hasProposed && now - proposedNanos < DUE_NANOS)) {
            return;
        }
        hasProposed = true;
        proposedNanos = now;
        reload(
                () -> {
                    if (keys.next() == 0) {
                        surroundings.observer().log().noNextKey(keys.sealing());
                    } else {
                        say(Step.PROPOSED, keys.next());
                    }
                },
                reason -> surroundings.observer().log().keysNotRead(reason));
    }

    /** A frame did not open, because its key is missing here. The key file may have it by now. */
    void lacking() {
        long now = surroundings.nowNanos().getAsLong();
        if (hasReloaded && now - reloadedNanos < RELOAD_NANOS) {
            return;
        }
        hasReloaded = true;
        reloadedNanos = now;
        int lacked = keys.lastLacked();
        reload(
                () -> {
                    if (!keys.has(lacked)) {
                        surroundings.observer().lacksKey(lacked, keys.sealing());
                    }
                },
                reason -> surroundings.observer().log().keysNotRead(reason));
    }

    @Override
    public void changed(ConfigChange change) {
        attempt = null;
        followed = 0;
        isRegular = change.isRegular();
        if (isRegular) {
            members = change.members();
            retireOlder();
            proposeNext();
        }
    }

    @Override
    public void noticed(NodeId sender, KeyNotice notice, Position position) {
        if (!isRegular || !members.contains(sender)) {
            return;
        }
        Attempt current = attempt;
        if (current != null && sender.equals(current.without)) {
            return;
        }
        if (notice.step() == Step.PROPOSED) {
            proposed(notice.keyId());
            return;
        } else if (notice.step() == Step.EXPELLING) {
            expelling(sender, notice.without().orElseThrow(), notice.keyId(), position);
            return;
        }
        if (current == null || current.keyId != notice.keyId()) {
            return;
        }
        if (notice.step() == Step.READY) {
            ready(current, sender, position);
        } else if (notice.step() == Step.SWITCHED) {
            switched(current, sender);
        } else if (current.position == null) {
            attempt = null;
            refuse(current.keyId, sender);
        }
    }

    private void accept(Request request) {
        int keyId = request.keyId();
        if (!keys.has(keyId)) {
            request.sink().error(lacks(keyId, self));
        } else if (keyId != keys.sealing() && !keys.isNewer(keyId)) {
            request.sink().error(isOld(keyId));
        } else {
            requests.add(request);
            if (requests.size() == 1) {
                proposeNext();
            }
        }
    }

    private void proposeNext() {
        if (isRegular && !requests.isEmpty()) {
            Request next = requests.get(0);
            NodeId without = next.without();
            surroundings
                    .sends()
                    .accept(
                            without != null && members.contains(without)
                                    ? KeyNotice.expelling(without, next.keyId())
                                    : new KeyNotice(Step.PROPOSED, next.keyId()));
        }
    }

    private void expelling(NodeId sender, NodeId without, int keyId, Position position) {
        surroundings.observer().expelling(without, keyId, sender);
        if (without.equals(self) || !members.contains(without)) {
            attempt = null;
            return;
        }
        proposed(keyId);
        Attempt current = attempt;
        if (current != null && current.keyId == keyId) {
            current.without = without;
            goOn(current, position);
        }
    }

    private void proposed(int keyId) {
        Attempt current = attempt;
        if (current != null && current.keyId == keyId) {
            return;
        }
        attempt = new Attempt(keyId);
        if (isUsable(keyId)) {
            say(Step.READY, keyId);
        } else {
            reload(() -> say(isUsable(keyId) ? Step.READY : Step.LACKING, keyId), reason -> {
                surroundings.observer().log().keysNotRead(reason);
                say(Step.LACKING, keyId);
            });
        }
    }

    private void ready(Attempt current, NodeId sender, Position position) {
        current.ready.add(sender);
        goOn(current, position);
    }

    /** At the last message that was missing. */
    private void goOn(Attempt current, Position position) {
        if (current.position == null && current.isOfAll(current.ready, members)) {
            current.position = position;
            sealWith(current.keyId);
            say(Step.SWITCHED, current.keyId);
        } else if (current.position != null) {
            finish(current);
        }
    }

    private void switched(Attempt current, NodeId sender) {
        current.switched.add(sender);
        finish(current);
    }

    private void finish(Attempt current) {
        Position position = current.position;
        if (position != null && current.isOfAll(current.switched, members)) {
            attempt = null;
            retireOlder();
            surroundings.observer().rekeyed(current.keyId, position);
            end(current.keyId, sink -> sink.success(position));
            proposeNext();
        }
    }

    private void refuse(int keyId, NodeId lacking) {
        TotemException reason = lacks(keyId, lacking);
        surroundings.observer().rekeyRefused(keyId, lacking, reason);
        end(keyId, sink -> sink.error(reason));
        proposeNext();
    }

    /** Ends the requests for this key, and those for keys that have become too old. */
    private void end(int keyId, Consumer<MonoSink<Position>> outcome) {
        for (Request request : List.copyOf(requests)) {
            if (request.keyId() == keyId) {
                requests.remove(request);
                outcome.accept(request.sink());
            } else if (!isUsable(request.keyId())) {
                requests.remove(request);
                request.sink().error(isOld(request.keyId()));
            }
        }
    }

    private boolean isUsable(int keyId) {
        return keyId == keys.sealing() || (keys.has(keyId) && keys.isNewer(keyId));
    }

    private void sealWith(int keyId) {
        keys.sealWith(keyId);
        surroundings.observer().counters().sealingKey(keyId);
    }

    private void retireOlder() {
        keys.retireOlder();
        int active = keys.sealing();
        if (active != keptActive) {
            keptActive = active;
            whenDone(
                    surroundings.seal().keepActive(active),
                    () -> {},
                    reason -> surroundings.observer().log().keyNotKept(reason));
        }
    }

    private void reload(Runnable then, Consumer<Throwable> otherwise) {
        whenDone(
                surroundings.seal().reload(),
                () -> {
                    keys.refresh();
                    then.run();
                },
                otherwise);
    }

    private void whenDone(CompletionStage<Void> stage, Runnable then, Consumer<Throwable> otherwise) {
        stage.whenComplete((nothing, failure) -> surroundings.onLoop().accept(() -> {
            if (failure == null) {
                then.run();
            } else {
                otherwise.accept(failure.getCause() instanceof TotemException known ? known : failure);
            }
        }));
    }

    private void say(Step step, int keyId) {
        surroundings.sends().accept(new KeyNotice(step, keyId));
    }

    private static ConfigurationException lacks(int keyId, NodeId node) {
        return new ConfigurationException(
                "key",
                String.valueOf(keyId),
                "node " + node + " has no such key in its key file, or has replaced it; copy the file with it there and"
                        + " try again");
    }

    private ConfigurationException isOld(int keyId) {
        return new ConfigurationException(
                "key",
                String.valueOf(keyId),
                "older than key " + keys.sealing() + ", which is in use; add a new one with totem keygen --add FILE");
    }
}

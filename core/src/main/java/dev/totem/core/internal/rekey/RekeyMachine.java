/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.rekey;

import dev.totem.core.ConfigChange;
import dev.totem.core.ConfigurationException;
import dev.totem.core.KeyMissingException;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.TotemException;
import dev.totem.core.internal.group.KeyNotice;
import dev.totem.core.internal.group.KeyNotice.Step;
import dev.totem.core.internal.rekey.RekeyEffect.News;
import dev.totem.core.internal.rekey.RekeyEffect.Purpose;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Decides which key a node seals with: inputs in, effects out, time as an argument. All members switch at the same position of
 * the order. Node loop only.
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
public final class RekeyMachine {

    /** Least time between two reads of the keys because frames do not open. Strangers can send such frames. */
    static final long RELOAD_NANOS = 5_000_000_000L;

    /** Least time between two proposals, or complaints, because the key in use has become old. */
    static final long DUE_NANOS = 60_000_000_000L;

    private final NodeId self;
    private final KnownKeys keys;
    private final List<RekeyEffect> effects = new ArrayList<>();
    private final Pace reloads = new Pace(RELOAD_NANOS);
    private final Pace proposals = new Pace(DUE_NANOS);

    /** Those for which the keys are being read. */
    private final Set<Long> asked = new LinkedHashSet<>();

    private final List<Purpose.ForRequest> requests = new ArrayList<>();

    private List<NodeId> members = List.of();
    private boolean isRegular;
    private @Nullable KeySwitch current;

    /** The key that was heard from outside and proposed in this configuration; 0 if none. */
    private int followed;

    private int keptActive;

    public RekeyMachine(NodeId self, KnownKeys keys) {
        this.self = self;
        this.keys = keys;
        this.keptActive = keys.sealing();
    }

    /**
     * Lets one thing happen; the effects of the last step have been carried out.
     *
     * @param nowNanos monotonic time, never less than at the step before
     * @return what is to be done, in order; the list belongs to the caller
     */
    public List<RekeyEffect> step(long nowNanos, RekeyInput input) {
        if (input instanceof RekeyInput.Requested requested) {
            asked.add(requested.request());
            read(new Purpose.ForRequest(requested.request(), requested.keyId(), requested.without()));
        } else if (input instanceof RekeyInput.Cancelled cancelled) {
            asked.remove(cancelled.request());
            requests.removeIf(request -> request.request() == cancelled.request());
        } else if (input instanceof RekeyInput.HeardNewer heard) {
            heardNewer(heard);
        } else if (input instanceof RekeyInput.Due) {
            due(nowNanos);
        } else if (input instanceof RekeyInput.Lacked lacked) {
            if (reloads.take(nowNanos)) {
                read(new Purpose.ForLacked(lacked.keyId()));
            }
        } else if (input instanceof RekeyInput.Read read) {
            haveRead(read);
        } else if (input instanceof RekeyInput.Changed changed) {
            changed(changed.change());
        } else if (input instanceof RekeyInput.Noticed noticed) {
            noticed(noticed.sender(), noticed.notice(), noticed.position());
        }
        List<RekeyEffect> done = List.copyOf(effects);
        effects.clear();
        return done;
    }

    private void heardNewer(RekeyInput.HeardNewer heard) {
        int newest = heard.keyId();
        if (!heard.isOperational()) {
            effects.add(new RekeyEffect.SealWith(newest));
        } else if (isRegular && newest != followed && (current == null || current.keyId() != newest)) {
            followed = newest;
            say(Step.PROPOSED, newest);
        }
    }

    private void due(long nowNanos) {
        if (isRegular && current == null && proposals.take(nowNanos)) {
            read(new Purpose.ForNext());
        }
    }

    private void haveRead(RekeyInput.Read read) {
        Purpose purpose = read.purpose();
        Throwable failure = read.failure().orElse(null);
        if (purpose instanceof Purpose.ForRequest request) {
            if (asked.remove(request.request())) {
                accept(request, failure);
            }
            return;
        }
        if (failure != null) {
            tell(new News.NotRead(failure));
        }
        if (purpose instanceof Purpose.ForProposed proposed) {
            say(failure == null && isUsable(proposed.keyId()) ? Step.READY : Step.LACKING, proposed.keyId());
        } else if (failure != null) {
            return;
        } else if (purpose instanceof Purpose.ForLacked lacked && !keys.has(lacked.keyId())) {
            tell(new News.Lacking(lacked.keyId(), keys.sealing()));
        } else if (purpose instanceof Purpose.ForNext) {
            proposeNextKey();
        }
    }

    private void proposeNextKey() {
        if (keys.next() == 0) {
            tell(new News.NoNext(keys.sealing()));
        } else {
            say(Step.PROPOSED, keys.next());
        }
    }

    private void accept(Purpose.ForRequest request, @Nullable Throwable failure) {
        int keyId = request.keyId();
        if (failure != null) {
            fail(request, failure);
        } else if (!keys.has(keyId)) {
            fail(request, new KeyMissingException(keyId, self));
        } else if (!isUsable(keyId)) {
            fail(request, isOld(keyId));
        } else {
            requests.add(request);
            if (requests.size() == 1) {
                proposeNext();
            }
        }
    }

    private void changed(ConfigChange change) {
        current = null;
        followed = 0;
        isRegular = change.isRegular();
        if (isRegular) {
            members = change.members();
            retireOlder();
            proposeNext();
        }
    }

    private void noticed(NodeId sender, KeyNotice notice, Position position) {
        KeySwitch attempt = current;
        if (!isRegular || !members.contains(sender) || (attempt != null && attempt.isWithout(sender))) {
            return;
        }
        int keyId = notice.keyId();
        if (notice.step() == Step.PROPOSED) {
            proposed(keyId);
        } else if (notice.step() == Step.EXPELLING) {
            expelling(sender, notice.without().orElseThrow(), keyId, position);
        } else if (attempt == null || attempt.keyId() != keyId) {
            return;
        } else if (notice.step() == Step.READY) {
            attempt.ready(sender);
            goOn(attempt, position);
        } else if (notice.step() == Step.SWITCHED) {
            attempt.switched(sender);
            finish(attempt);
        } else if (!attempt.isMade()) {
            current = null;
            refuse(keyId, sender);
        }
    }

    private void proposeNext() {
        if (isRegular && !requests.isEmpty()) {
            Purpose.ForRequest next = requests.get(0);
            effects.add(new RekeyEffect.Say(next.without()
                    .filter(members::contains)
                    .map(without -> KeyNotice.expelling(without, next.keyId()))
                    .orElseGet(() -> new KeyNotice(Step.PROPOSED, next.keyId()))));
        }
    }

    private void expelling(NodeId sender, NodeId without, int keyId, Position position) {
        tell(new News.Expelling(without, keyId, sender));
        if (without.equals(self) || !members.contains(without)) {
            current = null;
            return;
        }
        KeySwitch attempt = proposed(keyId);
        attempt.leaveOut(without);
        goOn(attempt, position);
    }

    private KeySwitch proposed(int keyId) {
        KeySwitch attempt = current;
        if (attempt != null && attempt.keyId() == keyId) {
            return attempt;
        }
        attempt = new KeySwitch(keyId);
        current = attempt;
        if (isUsable(keyId)) {
            say(Step.READY, keyId);
        } else {
            read(new Purpose.ForProposed(keyId));
        }
        return attempt;
    }

    /** At the last message that was missing. */
    private void goOn(KeySwitch attempt, Position position) {
        if (attempt.isMade()) {
            finish(attempt);
        } else if (attempt.areAllReady(members)) {
            attempt.madeAt(position);
            effects.add(new RekeyEffect.SealWith(attempt.keyId()));
            say(Step.SWITCHED, attempt.keyId());
        }
    }

    private void finish(KeySwitch attempt) {
        Optional<Position> position = attempt.position();
        if (position.isPresent() && attempt.haveAllSwitched(members)) {
            current = null;
            retireOlder();
            tell(new News.Switched(attempt.keyId(), position.get()));
            end(attempt.keyId(), request -> new RekeyEffect.Succeeded(request, position.get()));
            proposeNext();
        }
    }

    private void refuse(int keyId, NodeId lacking) {
        TotemException reason = new KeyMissingException(keyId, lacking);
        tell(new News.Refused(keyId, lacking, reason));
        end(keyId, request -> new RekeyEffect.Failed(request, reason));
        proposeNext();
    }

    /** Ends the requests for this key, and those for keys that have become too old. */
    private void end(int keyId, LongFunction<RekeyEffect> outcome) {
        for (Purpose.ForRequest request : List.copyOf(requests)) {
            if (request.keyId() == keyId) {
                requests.remove(request);
                effects.add(outcome.apply(request.request()));
            } else if (!isUsable(request.keyId())) {
                requests.remove(request);
                fail(request, isOld(request.keyId()));
            }
        }
    }

    private boolean isUsable(int keyId) {
        return keyId == keys.sealing() || (keys.has(keyId) && keys.isNewer(keyId));
    }

    private void retireOlder() {
        effects.add(new RekeyEffect.RetireOlder());
        int active = keys.sealing();
        if (active != keptActive) {
            keptActive = active;
            effects.add(new RekeyEffect.Keep(active));
        }
    }

    private void fail(Purpose.ForRequest request, Throwable reason) {
        effects.add(new RekeyEffect.Failed(request.request(), reason));
    }

    private void read(Purpose purpose) {
        effects.add(new RekeyEffect.Read(purpose));
    }

    private void say(Step step, int keyId) {
        effects.add(new RekeyEffect.Say(new KeyNotice(step, keyId)));
    }

    private void tell(News news) {
        effects.add(new RekeyEffect.Tell(news));
    }

    private ConfigurationException isOld(int keyId) {
        return new ConfigurationException(
                "key",
                String.valueOf(keyId),
                "older than key " + keys.sealing() + ", which is in use; add a new one with totem keygen --add FILE");
    }
}

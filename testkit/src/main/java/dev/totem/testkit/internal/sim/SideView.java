/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.DuplicateNodeIdException;
import dev.totem.core.EvsEvent;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.SlowSubscriberException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * A subscriber in one group, that may be slow and may stop asking for a while: it must see the recorder's events, less the
 * other groups'. One thread.
 */
final class SideView extends BaseSubscriber<EvsEvent> {

    private static final long PAUSE_NANOS = 2_000_000;
    private static final int BATCH = 16;

    private int stalls;
    private boolean owesRequest;

    private final GroupName group;
    private final MemberId self;
    private final SimLife time;
    private final boolean slow;
    private final List<EvsEvent> seen = new ArrayList<>();
    private Optional<String> failure = Optional.empty();

    SideView(GroupName group, MemberId self, SimLife time, boolean slow) {
        this.group = group;
        this.self = self;
        this.time = time;
        this.slow = slow;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        subscription.request(BATCH);
    }

    @Override
    protected void hookOnNext(EvsEvent event) {
        seen.add(event);
        if (seen.size() % BATCH != 0) {
            return;
        }
        if (slow) {
            time.executeApplication(PAUSE_NANOS, this::requestMore);
        } else {
            requestMore();
        }
    }

    private void requestMore() {
        owesRequest = stalls > 0;
        if (!owesRequest) {
            request(BATCH);
        }
    }

    /** Asks for nothing for this long. */
    void stall(long nanos) {
        stalls++;
        time.executeApplication(nanos, () -> {
            stalls--;
            if (owesRequest) {
                requestMore();
            }
        });
    }

    /** One that held the ring back for too long was told so, which is what it was promised. */
    @Override
    protected void hookOnError(Throwable thrown) {
        if (!(thrown instanceof SlowSubscriberException) && !(thrown instanceof DuplicateNodeIdException)) {
            failure = Optional.of("events of group " + group + " ended: " + thrown);
        }
    }

    /**
     * What is wrong compared with everything the node delivered; a view may be behind.
     *
     * @param isKilled whether the process was killed: whose turn it was then may have seen more
     */
    Optional<String> difference(List<EvsEvent> all, boolean isKilled) {
        if (failure.isPresent()) {
            return failure;
        }
        List<EvsEvent> expected = concerningUs(all);
        int compared = isKilled ? Math.min(seen.size(), expected.size()) : seen.size();
        for (int i = 0; i < compared; i++) {
            if (i >= expected.size() || !isSame(seen.get(i), expected.get(i))) {
                String other =
                        i >= expected.size() ? "nothing" : expected.get(i).toString();
                return Optional.of("group " + group + " saw " + seen.get(i) + " where all groups saw " + other);
            }
        }
        return Optional.empty();
    }

    /** All configurations, and of the group what is between a view that has this handle and the next that has not. */
    private List<EvsEvent> concerningUs(List<EvsEvent> all) {
        List<EvsEvent> expected = new ArrayList<>();
        // A node that says nothing of groups has them all from the beginning.
        boolean isMember = all.stream().noneMatch(GroupChange.class::isInstance);
        boolean isLeaving = false;
        for (EvsEvent event : all) {
            boolean isOurs = event instanceof ConfigChange;
            if (event instanceof GroupChange change && change.group().equals(group)) {
                boolean was = isMember;
                isLeaving |= change.reason() == GroupChange.Reason.CLOSED && isSelfIn(change.left());
                isMember = isLeaving || isSelfIn(change.members());
                isOurs = was || isMember;
            } else if (event instanceof Delivery delivery) {
                isOurs = isMember && delivery.groups().contains(group);
            }
            if (isOurs) {
                expected.add(event);
            }
        }
        return expected;
    }

    private boolean isSelfIn(List<GroupMember> members) {
        return members.stream().anyMatch(member -> member.id().equals(self));
    }

    private static boolean isSame(EvsEvent one, EvsEvent other) {
        return one instanceof Delivery delivery
                ? other instanceof Delivery same && same.position().equals(delivery.position())
                : one.equals(other);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.blocks.internal.Host;
import dev.totem.core.Position;
import dev.totem.core.SendFailedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The claims of one member, and what becomes of them. The replica's thread.
 *
 * <p>A seat is had when the order says so and the member's lease is confirmed: until that is over, nobody else takes the member
 * for gone. When it is over, the owner is told first, and then the others, by yielding.
 */
final class Claims implements Host.Observer<ClaimMachine> {

    private static final Duration AGAIN = Duration.ofMillis(100);

    private final Host<ClaimMachine, ClaimCommand, Position> host;
    private final Map<Long, Claim> own = new TreeMap<>();
    private @Nullable ClaimMachine current;
    private long lastNumber;
    private boolean isArmed;

    /** Whoever made a claim. */
    interface Owner {

        void granted(Position token);

        /** It had the seat, and has it no more; nobody else has it yet. */
        void lost(String why);

        /** Nothing came of a claim that is not patient. */
        void failed(Throwable reason);

        /** Its claim is in the order, and somebody else has the seat. */
        default void waiting() {}
    }

    static final class Claim {

        private final String seat;
        private final int priority;
        private final boolean isPatient;
        private final Owner owner;
        private long number;
        private boolean isOrdered;
        private boolean isHeld;
        private boolean isConfirming;
        private boolean isOver;

        private Claim(String seat, int priority, boolean isPatient, Owner owner) {
            this.seat = seat;
            this.priority = priority;
            this.isPatient = isPatient;
            this.owner = owner;
        }

        boolean isHeld() {
            return isHeld;
        }
    }

    Claims(Host<ClaimMachine, ClaimCommand, Position> host) {
        this.host = host;
        host.observe(this);
    }

    /** @param isPatient it is made again when it failed or was lost, until it is withdrawn */
    Claim claim(String seat, int priority, boolean isPatient, Owner owner) {
        Claim claim = new Claim(seat, priority, isPatient, owner);
        ask(claim);
        return claim;
    }

    private void ask(Claim claim) {
        if (claim.isOver) {
            return;
        }
        long number = ++lastNumber;
        claim.number = number;
        claim.isOrdered = false;
        own.put(number, claim);
        host.keepLease(true);
        host.submit(new ClaimCommand.Ask(claim.seat, number, claim.priority))
                .subscribe(
                        position -> ordered(claim, number), failed -> host.run(() -> refused(claim, number, failed)));
    }

    private void ordered(Claim claim, long number) {
        if (isOpen(claim, number)) {
            claim.isOrdered = true;
        }
    }

    private boolean isOpen(Claim claim, long number) {
        return own.get(number) == claim;
    }

    private void refused(Claim claim, long number, Throwable reason) {
        if (!isOpen(claim, number)) {
            return;
        }
        forget(number);
        if (!(reason instanceof SendFailedException send) || send.fate() == SendFailedException.Fate.UNKNOWN) {
            cede(claim.seat, number, gone -> {});
        }
        if (claim.isPatient && !host.isOver()) {
            host.later(AGAIN.toNanos(), () -> ask(claim));
        } else {
            claim.isOver = true;
            claim.owner.failed(reason);
        }
    }

    private void forget(long number) {
        own.remove(number);
        host.keepLease(!own.isEmpty());
    }

    /** Gives up what it has, or does not want it any more. */
    void withdraw(Claim claim, Consumer<Optional<Position>> onDone) {
        claim.isOver = true;
        claim.isHeld = false;
        if (isOpen(claim, claim.number)) {
            forget(claim.number);
            cede(claim.seat, claim.number, onDone);
        } else {
            onDone.accept(Optional.empty());
        }
    }

    /** Gives a seat up and asks for it again, behind all that wait with the same priority. */
    void resign(String seat) {
        for (Claim claim : mine(claim -> claim.isHeld && claim.seat.equals(seat))) {
            lose(claim, "resigned");
        }
    }

    private List<Claim> mine(Predicate<Claim> which) {
        return own.values().stream().filter(which).toList();
    }

    /** Until it is in the order; a member that ends yields everything by that. */
    private void cede(String seat, long number, Consumer<Optional<Position>> onDone) {
        if (host.isOver()) {
            onDone.accept(Optional.empty());
            return;
        }
        host.submit(new ClaimCommand.Yield(seat, number))
                .subscribe(
                        position -> onDone.accept(Optional.of(position)),
                        failed -> host.later(AGAIN.toNanos(), () -> cede(seat, number, onDone)));
    }

    // what the order says

    @Override
    public void applied(ClaimMachine machine) {
        boolean isAnother = current != machine;
        current = machine;
        Set<String> touched = machine.takeTouched();
        if (isAnother || !touched.isEmpty()) {
            mine(claim -> isAnother || touched.contains(claim.seat)).forEach(this::look);
        }
    }

    private void look(Claim claim) {
        ClaimMachine machine = current;
        if (machine == null || !isOpen(claim, claim.number)) {
            return;
        }
        Optional<ClaimMachine.Held> held =
                machine.held(claim.seat).filter(one -> one.claim().is(host.member(), claim.number));
        if (held.isPresent()) {
            if (!claim.isHeld) {
                hold(claim, held.get().token());
            }
        } else if (claim.isHeld) {
            lose(claim, "the others have taken this member for gone");
        } else if (claim.isOrdered && !machine.isClaimed(claim.seat, host.member(), claim.number)) {
            forget(claim.number);
            ask(claim);
        } else if (machine.isClaimed(claim.seat, host.member(), claim.number)) {
            claim.owner.waiting();
        }
    }

    private void hold(Claim claim, Position token) {
        if (host.isLeased()) {
            claim.isHeld = true;
            arm();
            claim.owner.granted(token);
        } else if (!claim.isConfirming) {
            claim.isConfirming = true;
            host.latest().subscribe(nothing -> {}, refused -> claim.isConfirming = false, () -> {
                claim.isConfirming = false;
                look(claim);
            });
        }
    }

    @Override
    public void status(StateStatus now) {
        if (now.phase() == StateStatus.Phase.IN_STATE) {
            mine(claim -> !claim.isHeld).forEach(this::look);
        } else if (now.phase() == StateStatus.Phase.STOPPED) {
            end("the replica has ended");
        } else if (now.phase() == StateStatus.Phase.BEHIND && !host.isLeased()) {
            expire();
        }
    }

    // the lease

    private void arm() {
        if (!isArmed) {
            isArmed = true;
            host.later(Math.max(1, host.leaseUntilNanos() - host.nowNanos()), this::expire);
        }
    }

    private void expire() {
        isArmed = false;
        List<Claim> held = mine(Claim::isHeld);
        if (held.isEmpty()) {
            return;
        }
        if (host.isLeased()) {
            arm();
        } else {
            held.forEach(claim -> lose(claim, "the lease was not confirmed in time"));
        }
    }

    private void lose(Claim claim, String why) {
        claim.isHeld = false;
        forget(claim.number);
        claim.isOver = !claim.isPatient;
        claim.owner.lost(why);
        cede(claim.seat, claim.number, gone -> {});
        if (claim.isPatient && !host.isOver()) {
            ask(claim);
        }
    }

    /** Nothing is held, and nothing waited for, any more. */
    void end(String why) {
        for (Claim claim : mine(claim -> true)) {
            forget(claim.number);
            claim.isOver = true;
            if (claim.isHeld) {
                claim.isHeld = false;
                claim.owner.lost(why);
            } else {
                claim.owner.failed(SendFailedException.refused(why));
            }
        }
    }
}

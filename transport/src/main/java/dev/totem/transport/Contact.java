/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where somebody may be: when he was heard, and when he may be tried again while he is silent. Node loop only. */
final class Contact {

    /** The longest pause between trials of one that is expected. */
    static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(500);

    /** Longer than a token timeout: who was heard within it is not silent. */
    private static final long HEARD_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long AVOIDED_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private @Nullable List<InetSocketAddress> address;
    private boolean isPartner;
    private boolean isHeard;
    private long heardNanos;
    private boolean isAnother;
    private long anotherNanos;
    private boolean isTried;
    private long triedNanos;
    private long pauseNanos;

    /** As a list of one, the same each time, so that {@link FrameBatch} recognises it; empty as long as nobody knows it. */
    List<InetSocketAddress> address() {
        List<InetSocketAddress> known = address;
        return known == null ? List.of() : known;
    }

    /** It is somewhere else from now on, where it was not heard yet. */
    void movedTo(InetSocketAddress to) {
        address = List.of(to);
        isHeard = false;
        isAnother = false;
        isTried = false;
    }

    /** It takes part in the ring, or not any more. */
    void partner(boolean takesPart) {
        isPartner = takesPart;
    }

    boolean isPartner() {
        return isPartner;
    }

    /** Another node answers there: speaking to it would only disturb a ring that is none of ours. */
    void isAnother(long nowNanos) {
        isAnother = true;
        anotherNanos = nowNanos;
        isHeard = false;
    }

    /** It has said something; whether that is news. */
    boolean heard(long nowNanos) {
        boolean isNews = !isHeard(nowNanos);
        isHeard = true;
        heardNanos = nowNanos;
        isTried = false;
        return isNews;
    }

    boolean isHeard(long nowNanos) {
        return isHeard && nowNanos - heardNanos < HEARD_NANOS;
    }

    /** For how long nothing has come from there; empty if nothing has since it is there. */
    Optional<Duration> silence(long nowNanos) {
        return isHeard ? Optional.of(Duration.ofNanos(Math.max(0, nowNanos - heardNanos))) : Optional.empty();
    }

    /** Whether it may be tried: at once after it fell silent, then in pauses that grow. */
    boolean isDue(long nowNanos) {
        boolean isAvoided = isAnother && nowNanos - anotherNanos < AVOIDED_NANOS;
        return address != null && !isAvoided && (!isTried || nowNanos - triedNanos >= pauseNanos);
    }

    boolean wasTried() {
        return isTried;
    }

    /** When, if it was. */
    long triedNanos() {
        return triedNanos;
    }

    void tried(long nowNanos) {
        pauseNanos = isTried ? Math.min(2 * pauseNanos, PAUSE_NANOS_MAX) : PAUSE_NANOS;
        isTried = true;
        triedNanos = nowNanos;
    }
}

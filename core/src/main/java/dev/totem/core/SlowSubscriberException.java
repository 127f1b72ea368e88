/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

/** A subscription that was ended because its subscriber did not keep up; subscribing again can help. */
public final class SlowSubscriberException extends TotemException {

    private static final long serialVersionUID = 1L;

    private final long lag;

    /**
     * @param limit what was exceeded, with its unit
     * @param lag events that waited for the subscriber when it ended
     */
    public SlowSubscriberException(String limit, long lag) {
        super("subscriber too slow: " + requireNonNull(limit, "limit") + ", " + lag
                + " events behind; request more, raise the limit, or subscribe" + " again");
        this.lag = lag;
    }

    /** Events that waited for the subscriber when it ended. */
    public long lag() {
        return lag;
    }

    @Override
    public boolean retryCanHelp() {
        return true;
    }
}

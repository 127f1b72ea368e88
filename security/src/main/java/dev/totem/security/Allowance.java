/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

/** So much work, and a little more with time, for who cannot be trusted yet. Node loop only. */
final class Allowance {

    private final long most;
    private final long nanosEach;
    private long left;
    private boolean isBegun;
    private long refilledNanos;

    /**
     * Full at first.
     *
     * @param most what can be saved up, and what becomes available in a second
     */
    Allowance(int most) {
        this.most = most;
        this.nanosEach = 1_000_000_000L / most;
        this.left = most;
    }

    /** Takes one, if there is one. */
    boolean take(long nowNanos) {
        if (!isBegun) {
            isBegun = true;
            refilledNanos = nowNanos;
        }
        long gained = (nowNanos - refilledNanos) / nanosEach;
        if (gained > 0) {
            left = gained >= most - left ? most : left + gained;
            refilledNanos = left == most ? nowNanos : refilledNanos + gained * nanosEach;
        }
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.sim;

/** Counts what a schedule can wait for, over the whole cluster. One thread. */
final class Progress {

    private long installs;
    private long writes;
    private long steps;

    void installed() {
        installs++;
    }

    void written() {
        writes++;
    }

    void stepped() {
        steps++;
    }

    long of(Milestone milestone) {
        return switch (milestone) {
            case INSTALL -> installs;
            case WRITE -> writes;
            case STEP -> steps;
        };
    }
}

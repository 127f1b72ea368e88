/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim.invariants;

/**
 * The invariants W1 to W12 of {@code PROTOCOL.md} 9.6, made precise for this design ({@code docs/GUARANTEES.md} says where
 * and why). Immutable, any thread.
 */
public enum RingRule {
    W1("the tokens accepted on a ring make one chain"),
    W2("what the token acknowledges is held by every member and what was received is announced by it"),
    W3("what a member has freed is not needed by any member"),
    W4("what a member calls safe is held by every member"),
    W5("the old ring changes and the candidate sets shrink by an install only"),
    W6("members of one ring agree on its members"),
    W7("new messages are originated on the installed ring only"),
    W8("all that install a ring install it at the same number"),
    W9("the token counts what its members have put on it"),
    W10("a ring number is reserved on stable storage, by this life alone, before anybody hears of it"),
    W11("while a lease is held no other ring is primary"),
    W12("a ring speaks the highest version that all its members understand, from its configuration on");

    private final String sentence;

    RingRule(String sentence) {
        this.sentence = sentence;
    }

    /** The statement, without punctuation: what kind of failure it is ends where the first colon is. */
    public String sentence() {
        return sentence;
    }
}

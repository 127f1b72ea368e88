/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

/**
 * The statements that {@link EvsChecker} checks, one constant a published property. Immutable, any thread.
 *
 * <p>ST: structure, {@code PROTOCOL.md} 9.2. S: the seven specifications of Extended Virtual Synchrony, 9.3. A: what this
 * library's API adds.
 */
public enum EvsRule {
    ST1("9.2 ST1", "the first event of a life is the regular configuration of the process alone"),
    ST2("9.2 ST2", "regular and transitional configurations alternate"),
    ST3("9.2 ST3", "a process is a member of every configuration it installs"),
    ST4("9.2 ST4", "a configuration has the same members in every log, a transitional one in all that come with it"),
    ST5("9.2 ST5", "ring numbers of a process grow, across its lives too, and no ring is in two of its lives"),
    ST6("9.2 ST6", "a transitional configuration is a part of the regular ones before and after it"),
    ST7("9.2 ST7", "a member of the new ring is in the transitional configuration just if it came from the same ring"),
    ST8("9.2 ST8", "left and joined are what the memberships say"),
    ST9("9.2 ST9", "nothing is sent in a transitional configuration, nor on another ring than the current one"),
    ST10("9.2 ST10", "a position names one message, and a message has one position"),
    S1_1("9.3 spec 1.1", "a message is delivered after it was sent"),
    S1_3("9.3 spec 1.3", "what is delivered was sent, by a member of that ring"),
    S1_4("9.3 spec 1.4", "a process delivers a message at most once in all its lives"),
    S2_1("9.3 spec 2.1 (L)", "in the end, the members of each component have installed one and the same configuration"),
    S2_2("9.3 spec 2.2", "a message is delivered in the configuration that is current, and nothing follows a failure"),
    S2_3("9.3 spec 2.3, 2.4", "a configuration change is one instant for all that install it"),
    S3("9.3 spec 3", "a process delivers its own messages before its next regular configuration"),
    S3_L("9.3 spec 3 (L)", "in the end, a live process has delivered all of its own messages"),
    S4("9.3 spec 4", "processes that go from one configuration to the next together deliver the same in between"),
    S4_L("9.3 spec 4, 9.5 (L)", "in the end, live processes have delivered the same in their last configuration"),
    S5_FIFO("9.3 spec 5", "messages of one sender are delivered in the order sent, without holes"),
    S5_CAUSAL("9.3 spec 5", "a message is delivered after everything its sender had delivered in that configuration"),
    S6_1("9.3 spec 6.1, 6.2; 9.4", "one total order fits all logs"),
    S6_3("9.3 spec 6.3", "holes are only in transitional configurations, and only of senders that are not in them"),
    S7_1(
            "9.3 spec 7.1",
            "a safe message that one member delivers is delivered by all members, those that leave too, or they fail"),
    S7_2("9.3 spec 7.2", "a safe message is delivered in a regular configuration after all members installed it"),
    A1("api: send", "a send completes after its own delivery, with the position that everybody sees"),
    A2("api: Position", "positions grow along the deliveries of a life"),
    A3("api: SendFailedException", "a message whose send was refused is delivered by nobody"),
    A4("api: send (L)", "in the end, every send of a live process has ended"),
    G1("api: GroupChange", "the members of a group are in the current configuration"),
    G2(
            "api: GroupChange",
            "in a regular configuration, a group has the same members at a position for all that see it"),
    G3(
            "api: GroupChange",
            "with a message of a member of the configuration, the sender's members of the group are known as the sender knew them"),
    G4("api: join", "a message to a group is delivered between the join and the leave of a handle"),
    Q1("api: isPrimary", "all that install a configuration agree on whether it is primary"),
    Q2("api: Quorum", "any two primary configurations have a member in common"),
    Q3("api: isPrimary", "a transitional configuration is primary just if the regular one that it ends is"),
    Q4("api: onlyInPrimary", "what is only for primaries is delivered in no other configuration");

    private final String source;
    private final String sentence;

    EvsRule(String source, String sentence) {
        this.source = source;
        this.sentence = sentence;
    }

    /** Where the statement comes from; "9.x" are sections of {@code PROTOCOL.md}, (L) marks liveness. */
    public String source() {
        return source;
    }

    /** The statement. */
    public String sentence() {
        return sentence;
    }
}

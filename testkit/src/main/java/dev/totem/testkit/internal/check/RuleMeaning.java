/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

/** What each statement means for who relies on it. Static, any thread. */
public final class RuleMeaning {

    private RuleMeaning() {}

    public static String of(EvsRule rule) {
        return switch (rule) {
            case ST1 -> "a node that starts knows that it is alone, and sees the others come";
            case ST2 -> "every change says first who goes on together, and then who is there";
            case ST3 -> "nobody is told of a configuration that he is not in";
            case ST4 -> "all members mean the same by a configuration";
            case ST5 -> "no two rings have one name, whatever crashes in between";
            case ST6 -> "who goes on together comes from the old ring and is in the new one";
            case ST7 -> "who is in the transitional configuration has seen the same messages as you";
            case ST8 -> "joined and left can be relied on without comparing member lists";
            case ST9 -> "a message belongs to the configuration in which it was sent";
            case ST10 -> "a position can serve as the name of a message, and as a fencing token";
            case S1_1, S1_3 -> "nothing is delivered that nobody has sent";
            case S1_4 -> "no message counts twice";
            case S2_1 -> "who can hear each other ends in one ring";
            case S2_2 -> "the configuration that was delivered last is the one in which a message was delivered";
            case S2_3 -> "a change is at the same place among the messages for all that see it";
            case S3 -> "a node sees what it said itself, before the membership changes";
            case S3_L -> "nothing that a live node has sent is forgotten";
            case S4 -> "replicas that apply what is delivered and go through the same configurations are equal";
            case S4_L -> "in a quiet ring all members have the same state";
            case S5_FIFO -> "a sender's messages come in the order in which it sent them, none left out";
            case S5_CAUSAL -> "an answer is never seen before its question";
            case S6_1 -> "any two nodes that deliver two messages deliver them in the same order";
            case S6_3 -> "messages are missing only where their sender was cut off or died";
            case S7_1 -> "a safe message is known to all members, or their configuration ends";
            case S7_2 -> "a safe message is not delivered to a ring of which a member knows nothing yet";
            case A1 -> "when a send completes, its effect is visible at home, at the position it says";
            case A2 -> "the later message has the greater position";
            case A3 -> "what was refused can be sent again without counting twice";
            case A4 -> "no send waits for ever";
            case G1 -> "no group has a ghost";
            case G2 -> "who decides by the members of a group decides like the others";
            case G3 -> "who speaks was introduced before";
            case G4 -> "a member sees what is said while it is one, and nothing else";
            case Q1 -> "no two nodes of a part differ on whether it may decide";
            case Q2 -> "no two parts of the network decide";
            case Q3 -> "what a primary has ordered is still its own while it ends";
            case Q4 -> "what must not be said in a minority is not";
        };
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How a node is at a moment, and why. Immutable, any thread.
 *
 * <p>For probes: {@link #isReady()} says whether it does its work now, {@link #isLive()} whether it can ever do it again. All reasons
 * but those that end a node go by themselves when what they tell of is over.
 *
 * @param reasons what is to be said of it, what weighs most first; empty if there is nothing
 */
public record NodeHealth(List<Reason> reasons) {

    public NodeHealth {
        requireNonNull(reasons, "reasons");
        reasons = List.copyOf(reasons);
    }

    /** Whether this node works or can work again by itself; if not, only another one in its place helps. */
    public boolean isLive() {
        return reasons.stream().noneMatch(reason -> reason.code().weight() == Weight.ENDED);
    }

    /**
     * Whether it takes part in a ring that orders messages and may decide: in a primary configuration if it has a {@link Quorum}, under
     * keys that the others have proven. A change of the configuration takes it away for a moment. A node that has been in no ring with
     * others since it started is not ready while it hears frames that it cannot open: it may be the one with the wrong key.
     */
    public boolean isReady() {
        return reasons.stream().allMatch(reason -> reason.code().weight() == Weight.NOTED);
    }

    /** Whether a reason with this code is among them. */
    public boolean has(Code code) {
        requireNonNull(code, "code");
        return reasons.stream().anyMatch(reason -> reason.code() == code);
    }

    /** For people: one line. */
    @Override
    public String toString() {
        String state = isReady() ? "ready" : isLive() ? "not ready" : "not live";
        return reasons.isEmpty()
                ? state
                : state + ": " + reasons.stream().map(Reason::toString).collect(Collectors.joining("; "));
    }

    /**
     * One of them.
     *
     * @param text what happened, in words, with its figures; the remedy is that of the code
     */
    public record Reason(Code code, String text) {

        public Reason {
            requireNonNull(code, "code");
            requireNonNull(text, "text");
        }

        @Override
        public String toString() {
            return code + ", " + text;
        }
    }

    /** What a reason means for the node. */
    public enum Weight {
        /** It is not live, and not ready. */
        ENDED,
        /** It is live and not ready. */
        WAITS,
        /** It is ready; somebody should look at it all the same. */
        NOTED
    }

    /** What is wrong. The order is that in which reasons are told. */
    public enum Code {
        STOPPED(Weight.ENDED, "The node stopped itself.", "Do what the text says, and start another one."),
        CLOSED(Weight.ENDED, "The node has left.", "Nothing, if that was meant."),
        STUCK(
                Weight.ENDED,
                "Nothing has run on the node's thread for ten token timeouts and at least 30 s.",
                "Look at a thread dump for what blocks it; restart the process."),
        STANDS_STILL(
                Weight.WAITS,
                "Nothing has run on the node's thread for a token timeout: others go on without it.",
                "Give the process more processors or heap, or raise `token` above the pauses."),
        LEAVING(Weight.WAITS, "The node leaves: what it accepted is ordered first.", "Nothing, if that was meant."),
        NO_RING(
                Weight.WAITS,
                "The node looks for a ring.",
                "If it lasts, look at the other reasons, the addresses and the firewalls."),
        KEPT_OUT(
                Weight.WAITS,
                "The node has been with nobody since it started, and hears frames that it cannot open.",
                "Give this node the key file and suite of the others; the reasons below say which differs."),
        NOT_PRIMARY(
                Weight.WAITS,
                "The ring may not decide by the quorum.",
                "Do what the other reasons say, if there are any; else start more nodes or heal the network, until the votes suffice."),
        UNPROVEN(
                Weight.WAITS,
                "The node goes on under new keys, and the others have yet to hear it.",
                "If it lasts, see whether datagrams come back to this node."),
        EXECUTIVE_AWAY(
                Weight.WAITS,
                "Of a client: its executive does not answer.",
                "Start the executive, or name another one."),
        QUORUM_DIFFERS(
                Weight.NOTED,
                "Members of the ring have another quorum, so that it never decides.",
                "Give all nodes the same `quorum`, and start those again that have another."),
        ID_TAKEN(
                Weight.NOTED,
                "Another live process has this node's id, or that of a member.",
                "Give one of them another id; where they hear each other the one that started later stops."),
        PEER_UNLISTED(
                Weight.NOTED,
                "A node is heard from where the list of peers does not have it; its frames are refused.",
                "List it where it is at all nodes, or give it the id and address that are listed."),
        KEY_DIFFERS(
                Weight.NOTED,
                "Frames come that are not authentic.",
                "Give all nodes the same key file; if they have it, somebody else sends to this address."),
        KEY_LACKING(
                Weight.NOTED,
                "Frames come that are sealed with a key which this node does not have, or has replaced.",
                "Copy the key file with all keys to all nodes; it is read again by itself."),
        SUITE_DIFFERS(Weight.NOTED, "Frames come that are sealed with another suite.", "Name one suite on all nodes."),
        CLUSTER_DIFFERS(
                Weight.NOTED,
                "Frames of another cluster come here.",
                "If it was to be the same, give it the same `cluster-name`; otherwise another port or group."),
        NOT_PROVEN_HERE(
                Weight.NOTED,
                "Frames come of lives that have not proven to be live.",
                "If it lasts, datagrams arrive and those back do not: check firewalls and addresses."),
        NOT_HEARD(
                Weight.NOTED,
                "Another node is heard and does not hear this one.",
                "Check firewalls and addresses in the direction from this node to that one."),
        SMALL_ONLY(
                Weight.NOTED,
                "Small datagrams arrive and large ones do not.",
                "Set `netmtu` at all nodes to what the path carries, and let firewalls pass what is large."),
        SETTINGS_DIFFER(
                Weight.NOTED,
                "Members of the ring have other settings that should be the same.",
                "Give all nodes the same; the log names each."),
        HELD_BACK(
                Weight.NOTED,
                "Subscribers of this node cannot follow, so that it holds the ring back.",
                "Request more, work on other threads, or subscribe with `FAIL`."),
        NETWORK_FAULTY(Weight.NOTED, "One of several networks is left out.", "Repair it; it is used again by itself.");

        private final Weight weight;
        private final String meaning;
        private final String remedy;

        Code(Weight weight, String meaning, String remedy) {
            this.weight = weight;
            this.meaning = meaning;
            this.remedy = remedy;
        }

        public Weight weight() {
            return weight;
        }

        /** What it means, a sentence. */
        public String meaning() {
            return meaning;
        }

        /** What to do, a sentence. */
        public String remedy() {
            return remedy;
        }
    }
}

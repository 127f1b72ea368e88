/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.wire;

import dev.totem.core.EvsEvent;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.Membership;
import dev.totem.core.Message;
import dev.totem.core.NodeHealth;
import dev.totem.core.NodeId;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.Position;
import dev.totem.core.TotemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One frame. {@link Control} frames belong to a connection; all others are numbered from 0 in each direction and belong to the
 * session, which says them again on its next connection if the other side has not received them.
 */
public sealed interface Frame {

    /** Of a connection: not numbered. */
    sealed interface Control extends Frame {}

    /** Numbered, from the client. */
    sealed interface FromClient extends Frame {}

    /** Numbered, from the executive. */
    sealed interface FromServer extends Frame {}

    /**
     * The first frame of a connection.
     *
     * @param session what is to be resumed, or {@link SessionId#NONE}
     * @param received how many numbered frames of the executive the client has
     * @param name of the client, for people; may be empty
     * @param token what it proves its identity with, or nothing
     */
    record Hello(SessionId session, long received, String name, byte[] token) implements Control {}

    /**
     * The answer.
     *
     * @param isResumed whether this is the session that was asked for
     * @param received how many numbered frames of the client the executive has
     */
    record Welcome(SessionId session, boolean isResumed, long received, NodeId node, Limits limits)
            implements Control {}

    /**
     * What a client is given.
     *
     * @param leaseMillis how long a session lives without a connection
     * @param operations the most that may be unanswered at once
     * @param operationBytes and how many bytes of them; a single one may be larger
     * @param messageBytes the largest payload
     * @param eventBytes what may be under way to one subscriber; a single event may be larger
     */
    record Limits(int leaseMillis, int operations, int operationBytes, int messageBytes, int eventBytes) {}

    /** The other answer; the connection ends. */
    record Refused(String why) implements Control {}

    /** How many numbered frames have been received; also says that its sender is alive. */
    record Ack(long received) implements Control {}

    /** Opens a handle under a number of the client's choice. */
    record Open(int handle, Optional<String> name) implements FromClient {}

    /** Asks for something of a handle; answered once, by {@link Done}, {@link Failed} or an answer of its own. */
    sealed interface Operation extends FromClient {

        /** A number of the client's choice. */
        int op();

        /** What it takes of {@link Limits#operationBytes}. */
        default int cost() {
            return COST_LEAST;
        }
    }

    /** What an operation costs beside the bytes it names. */
    int COST_LEAST = 64;

    /** What can be done with groups. */
    enum GroupAction {
        JOIN,
        LEAVE,
        WATCH,
        UNWATCH
    }

    record Groups(int op, int handle, GroupAction action, List<GroupName> groups) implements Operation {
        @Override
        public int cost() {
            return COST_LEAST + groups.size() * COST_LEAST;
        }
    }

    record Send(int op, int handle, Message message) implements Operation {
        @Override
        public int cost() {
            int named = message.groups().size()
                    + message.recipients().size()
                    + message.headers().size();
            return COST_LEAST + named * COST_LEAST + headerBytes() + message.payload().length;
        }

        private int headerBytes() {
            int bytes = 0;
            for (Map.Entry<String, String> header : message.headers().entrySet()) {
                bytes += header.getKey().getBytes(StandardCharsets.UTF_8).length
                        + header.getValue().getBytes(StandardCharsets.UTF_8).length;
            }
            return bytes;
        }
    }

    /** Closes a handle. */
    record Close(int op, int handle) implements Operation {}

    /** Asks for the node's counters. */
    record AskStats(int op) implements Operation {}

    /** Asks for the configuration. */
    record AskMembership(int op) implements Operation {}

    /** Asks how the node is. */
    record AskHealth(int op) implements Operation {}

    /** Nobody waits for this send any more: it is taken back if it was not ordered. */
    record Abandon(int op) implements FromClient {}

    /** Subscribes to the events of a handle, under a number of the client's choice. */
    record Subscribe(int subscription, int handle, OverflowPolicy policy) implements FromClient {}

    /**
     * Demand.
     *
     * @param events so many more; {@link Long#MAX_VALUE} is unbounded
     * @param bytes of events that the subscriber was given since the last one
     */
    record Request(int subscription, long events, int bytes) implements FromClient {}

    record Cancel(int subscription) implements FromClient {}

    /** The session is over in order. */
    record Bye() implements FromClient {}

    record Opened(int handle, MemberId id) implements FromServer {}

    record Done(int op, Optional<Position> position) implements FromServer {}

    record Failed(int op, TotemException reason) implements FromServer {}

    /**
     * An event for a subscription.
     *
     * @param membersAsTold of a group change: its members are not said, they are those told before, with who joined and without who left
     */
    record Event(int subscription, EvsEvent event, boolean membersAsTold) implements FromServer {}

    record Complete(int subscription) implements FromServer {}

    record Broken(int subscription, TotemException reason) implements FromServer {}

    /**
     * Who is in a group that a handle has joined or watches, as the node has come to.
     *
     * @param joined all of them if {@code isWhole}, otherwise those who came
     * @param left who went
     */
    record Roll(int handle, GroupName group, boolean isWhole, List<GroupMember> joined, List<GroupMember> left)
            implements FromServer {}

    record Stats(int op, Map<String, Long> values) implements FromServer {}

    record Health(int op, NodeHealth health) implements FromServer {}

    record Members(int op, Membership membership) implements FromServer {}

    /** The executive's node has ended, and why if it stopped itself. */
    record Ended(Optional<TotemException> reason) implements FromServer {}
}

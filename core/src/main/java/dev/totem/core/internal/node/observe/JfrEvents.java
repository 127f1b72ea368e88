/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** The kinds of events that a node gives to a flight recorder. Made where they happen, not kept. */
final class JfrEvents {

    private JfrEvents() {}

    @Name("dev.totem.TokenLost")
    @Label("Token Lost")
    @Category("Totem")
    @Description("No token came for a token timeout: the ring, or the attempt to form one, is given up")
    @StackTrace(false)
    static final class TokenLost extends Event {

        @Label("Node")
        int node;

        @Label("During")
        String during = "";

        @Label("Members")
        @Description("Of the ring installed last")
        String members = "";
    }

    @Name("dev.totem.RingFormed")
    @Label("Ring Formed")
    @Category("Totem")
    @Description("A regular configuration was installed; lasts from when a ring was looked for")
    @StackTrace(false)
    static final class RingFormed extends Event {

        @Label("Node")
        int node;

        @Label("Ring")
        String ring = "";

        @Label("Members")
        String members = "";

        @Label("Joined")
        String joined = "";

        @Label("Left")
        String left = "";

        @Label("Primary")
        boolean isPrimary;

        @Label("Cause")
        @Description("Why a ring was looked for, the last time")
        String cause = "";
    }

    @Name("dev.totem.HoldBack")
    @Label("Hold Back")
    @Category("Totem")
    @Description("Subscribers of this node could not follow, and it held the ring back")
    @StackTrace(false)
    static final class HoldBack extends Event {

        @Label("Node")
        int node;
    }

    @Name("dev.totem.RetransmissionBurst")
    @Label("Retransmission Burst")
    @Category("Totem")
    @Description("This node sent many frames again within a tenth of a second")
    @StackTrace(false)
    static final class RetransmissionBurst extends Event {

        @Label("Node")
        int node;

        @Label("Frames")
        int frames;
    }

    @Name("dev.totem.Pause")
    @Label("Pause")
    @Category("Totem")
    @Description("Nothing ran on the node's thread")
    @StackTrace(false)
    static final class Pause extends Event {

        @Label("Node")
        int node;

        @Label("Length")
        @Timespan(Timespan.NANOSECONDS)
        long length;

        @Label("Lease Over")
        @Description("Whether a lease ended meanwhile")
        boolean isLeaseOver;
    }

    @Name("dev.totem.KeyChange")
    @Label("Key Change")
    @Category("Totem")
    @Description("All members seal with another key")
    @StackTrace(false)
    static final class KeyChange extends Event {

        @Label("Node")
        int node;

        @Label("Key")
        int key;

        @Label("Position")
        String position = "";
    }

    @Name("dev.totem.SlowSubscriber")
    @Label("Slow Subscriber")
    @Category("Totem")
    @Description("A subscription was ended because its subscriber did not keep up")
    @StackTrace(false)
    static final class SlowSubscriber extends Event {

        @Label("Node")
        int node;

        @Label("Handle")
        int handle;

        @Label("Lag")
        @Description("Events that waited for it")
        long lag;

        @Label("Reason")
        String reason = "";
    }
}

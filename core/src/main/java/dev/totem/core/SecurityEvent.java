/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.net.SocketAddress;
import java.util.Optional;

/**
 * What the audit log, the logger {@code dev.totem.audit}, is told: each line is one of these, given as the last argument of
 * the logging call and under the key {@code event}, with the node that says so under {@code node}. Holds no keys and no
 * payloads. Immutable, any thread.
 */
public sealed interface SecurityEvent {

    /**
     * A life of a node has proven to be live: its frames are heard from now on.
     *
     * @param node whose life it is
     * @param source where its answer came from
     */
    record LifeProven(NodeId node, SocketAddress source) implements SecurityEvent {
        public LifeProven {
            requireNonNull(node, "node");
            requireNonNull(source, "source");
        }
    }

    /**
     * A live member has answered from an address after frames of it had come from two.
     *
     * @param node the member
     * @param source where its answer came from
     */
    record PathProven(NodeId node, SocketAddress source) implements SecurityEvent {
        public PathProven {
            requireNonNull(node, "node");
            requireNonNull(source, "source");
        }
    }

    /**
     * Frames were refused. At most one event a reason in ten seconds.
     *
     * @param reason as the counter is called in the statistics, without {@code refused-}
     * @param frames so many of them since the last event of this reason
     * @param source where the last one came from
     */
    record FramesRefused(String reason, long frames, SocketAddress source) implements SecurityEvent {
        public FramesRefused {
            requireNonNull(reason, "reason");
            requireNonNull(source, "source");
        }
    }

    /**
     * All members, or all but one that is left out, seal with another key.
     *
     * @param keyId the number of the key, 1 to 255
     * @param position from where on
     */
    record KeySwitched(int keyId, Position position) implements SecurityEvent {
        public KeySwitched {
            requireNonNull(position, "position");
        }
    }

    /**
     * The members keep their key because one of them does not have the one that was proposed.
     *
     * @param keyId the number of the proposed key
     * @param lacking who does not have it
     */
    record SwitchRefused(int keyId, NodeId lacking) implements SecurityEvent {
        public SwitchRefused {
            requireNonNull(lacking, "lacking");
        }
    }

    /**
     * Others seal with a key that this node does not have, or has no more.
     *
     * @param keyId the number of the key
     */
    record KeyLacking(int keyId) implements SecurityEvent {}

    /**
     * A member is to be left out of the next key.
     *
     * @param node who is left out
     * @param keyId the number of the key that it is not to have
     * @param by the member that asked for it
     */
    record MemberExpelled(NodeId node, int keyId, NodeId by) implements SecurityEvent {
        public MemberExpelled {
            requireNonNull(node, "node");
            requireNonNull(by, "by");
        }
    }

    /**
     * The node goes on under keys that nothing was sealed with.
     *
     * @param copy where a frame of a copy of this process came from; empty if the clocks say that it was set back
     */
    record LifeRenewed(Optional<SocketAddress> copy) implements SecurityEvent {
        public LifeRenewed {
            requireNonNull(copy, "copy");
        }
    }
}

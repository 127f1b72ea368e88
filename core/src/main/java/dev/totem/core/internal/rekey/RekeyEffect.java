/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.rekey;

import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.TotemException;
import dev.totem.core.internal.group.KeyNotice;
import java.util.Optional;

/** Everything the change of keys wants done, to be carried out in the order given, before the next input. */
public sealed interface RekeyEffect {

    /** Read the keys again, which may take its time, and answer with {@link RekeyInput.Read}. */
    record Read(Purpose purpose) implements RekeyEffect {}

    /** Send a message in the order. */
    record Say(KeyNotice notice) implements RekeyEffect {}

    /** Seal with a key from now on. */
    record SealWith(int keyId) implements RekeyEffect {}

    /** Forget the keys before the one that seals. */
    record RetireOlder() implements RekeyEffect {}

    /** Note that a key is the one to start with next time. */
    record Keep(int keyId) implements RekeyEffect {}

    /** A request has come true. */
    record Succeeded(long request, Position position) implements RekeyEffect {}

    /** A request has failed. */
    record Failed(long request, Throwable reason) implements RekeyEffect {}

    /** Tell of something; nothing depends on it. */
    record Tell(News news) implements RekeyEffect {}

    /** What the keys are read for. */
    sealed interface Purpose {

        /** A user wants a key. */
        record ForRequest(long request, int keyId, Optional<NodeId> without) implements Purpose {}

        /** The key in use has become old. */
        record ForNext() implements Purpose {}

        /** A frame was sealed with a key that is missing. */
        record ForLacked(int keyId) implements Purpose {}

        /** A key was proposed that is missing. */
        record ForProposed(int keyId) implements Purpose {}
    }

    /** What logs, counters and the audit are told. */
    sealed interface News {

        /** All members have switched, at a position. */
        record Switched(int keyId, Position position) implements News {}

        /** A member lacks the key, so nobody switches. */
        record Refused(int keyId, NodeId lacking, TotemException reason) implements News {}

        /** A member leaves another one out. */
        record Expelling(NodeId without, int keyId, NodeId by) implements News {}

        /** Others seal with a key that this node does not have. */
        record Lacking(int keyId, int sealing) implements News {}

        /** The key in use has become old, and there is no other. */
        record NoNext(int sealing) implements News {}

        /** The keys could not be read. */
        record NotRead(Throwable reason) implements News {}
    }
}

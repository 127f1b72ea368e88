/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import dev.totem.core.GroupName;
import dev.totem.core.internal.packing.MessageBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Encodes or decodes envelopes, and remembers some of them: most messages go to the same few lists of groups. Node loop only.
 *
 * <p>One for each direction, so that each meets the lists of groups that it has made or was given, which compare fast.
 */
public final class EnvelopeCache {

    private static final int REMEMBERED_MAX = 8;

    /** Longer lists are rare, and remembering them would take room. */
    public static final int GROUPS_MAX = 16;

    /** What is used moves towards the front. */
    private final List<Known> known = new ArrayList<>(REMEMBERED_MAX);

    private record Known(GroupEnvelope envelope, byte[] encoded) {

        boolean isSame(Known other) {
            return envelope.equals(other.envelope);
        }
    }

    /** What a message to these groups begins with; not to be written. */
    public byte[] encode(List<GroupName> groups) {
        for (int i = 0; i < known.size(); i++) {
            if (known.get(i).envelope().groups().equals(groups)) {
                return use(i).encoded();
            }
        }
        GroupEnvelope envelope = new GroupEnvelope(groups);
        byte[] encoded = envelope.encode();
        if (groups.size() <= GROUPS_MAX) {
            remember(envelope, encoded);
        }
        return encoded;
    }

    /** As {@link GroupEnvelope#decode}. */
    public Optional<GroupEnvelope> decode(MessageBytes message) {
        for (int i = 0; i < known.size(); i++) {
            if (message.skip(known.get(i).encoded())) {
                return Optional.of(use(i).envelope());
            }
        }
        Optional<GroupEnvelope> decoded = GroupEnvelope.decode(message);
        decoded.filter(envelope -> envelope.groups().size() <= GROUPS_MAX
                        && envelope.recipients().size() <= GROUPS_MAX)
                .ifPresent(envelope -> remember(envelope, envelope.encode()));
        return decoded;
    }

    private Known use(int index) {
        Known used = known.get(index);
        if (index > 0) {
            known.set(index, known.get(index - 1));
            known.set(index - 1, used);
        }
        return used;
    }

    private void remember(GroupEnvelope envelope, byte[] encoded) {
        Known latest = new Known(envelope, encoded);
        if (known.stream().anyMatch(latest::isSame)) {
            return;
        }
        if (known.size() == REMEMBERED_MAX) {
            known.remove(REMEMBERED_MAX - 1);
        }
        known.add(latest);
    }
}

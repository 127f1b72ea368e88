/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import dev.totem.core.internal.message.CauseFact;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What a Join tells of why there is a search, of which a reader may know none. Any thread. */
final class CauseCodec {

    static final int CAUSE_BYTES = 2 * Byte.BYTES + 2 * Integer.BYTES + 2 * Long.BYTES;

    private static final int BYTE_MAX = 255;

    private CauseCodec() {}

    static int getCount(ByteBuffer in) throws MalformedMessageException {
        int count = Byte.toUnsignedInt(in.get());
        if (count > CauseFact.FACTS_MAX) {
            throw MalformedMessageException.COUNT;
        }
        return count;
    }

    static void put(ByteBuffer target, List<CauseFact> causes) {
        for (CauseFact cause : causes) {
            target.put((byte) cause.kind()).put((byte) cause.detail());
            WireFields.putNode(target, cause.seenBy());
            target.putInt(cause.about()).putLong(cause.first()).putLong(cause.second());
        }
    }

    /** @param count already found to be small and to fit in what is left */
    static List<CauseFact> get(ByteBuffer in, int count) throws MalformedMessageException {
        List<CauseFact> causes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            causes.add(new CauseFact(
                    Byte.toUnsignedInt(in.get()),
                    Byte.toUnsignedInt(in.get()),
                    WireFields.getNode(in),
                    in.getInt(),
                    in.getLong(),
                    in.getLong()));
        }
        return causes;
    }

    static boolean isValid(List<CauseFact> causes) {
        for (int i = 0; i < causes.size(); i++) {
            boolean isInOrder = i == 0 || causes.get(i - 1).compareTo(causes.get(i)) < 0;
            if (!isInOrder || !isValid(causes.get(i))) {
                return false;
            }
        }
        return causes.size() <= CauseFact.FACTS_MAX;
    }

    private static boolean isValid(CauseFact cause) {
        return cause.kind() >= 1
                && cause.kind() <= BYTE_MAX
                && cause.detail() >= 0
                && cause.detail() <= BYTE_MAX
                && cause.about() >= 0
                && cause.first() >= 0
                && cause.second() >= 0;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.internal.group.KeyNotice.Step;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.packing.MessageBytes;
import dev.totem.core.internal.packing.OutgoingMessage;
import dev.totem.core.internal.packing.Packer;
import dev.totem.core.internal.packing.Unpacker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyNoticeTest {

    @ParameterizedTest
    @EnumSource
    void readsWhatItWrote(Step step) {
        KeyNotice notice = step == Step.EXPELLING
                ? KeyNotice.expelling(NodeId.of(Integer.MAX_VALUE), 200)
                : new KeyNotice(step, 200);

        assertThat(KeyNotice.decode(message(notice.encode()))).contains(notice);
    }

    @Test
    void leavesEnvelopesAlone() {
        MessageBytes message = message(new byte[] {0, 1, 1, 'a'});

        assertThat(KeyNotice.decode(message)).isEmpty();

        assertThat(GroupEnvelope.decode(message)).isPresent();
    }

    @Test
    void refusesWhatIsNone() {
        for (byte[] bytes : List.of(
                new byte[] {-1, 0, 1},
                new byte[] {-1, 5, 1},
                new byte[] {-1, 1, 0},
                new byte[] {-1, 1},
                new byte[] {-1, 1, 1, 1},
                new byte[] {-1, 1, 1, 0, 0, 0, 1},
                new byte[] {-1, 5, 1, 0, 0, 0, 0},
                new byte[] {-1, 5, 1, -1, 0, 0, 1},
                new byte[] {-1, 5, 1, 0, 0, 0, 1, 0})) {
            assertThat(KeyNotice.decode(message(bytes))).isEmpty();
        }
    }

    @Test
    void hasAKeyId() {
        assertThatThrownBy(() -> new KeyNotice(Step.READY, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new KeyNotice(Step.READY, 256)).isInstanceOf(IllegalArgumentException.class);
    }

    private static MessageBytes message(byte[] bytes) {
        Packer<String> packer = new Packer<>(1_000);
        packer.add(new OutgoingMessage<>(Guarantee.AGREED, bytes, new byte[0], ""));
        List<MessageBytes> messages = new ArrayList<>();
        new Unpacker(1_000)
                .unpack(
                        new Origin(NodeId.of(1), 1),
                        packer.next().orElseThrow().bytes(),
                        (index, number, message) -> messages.add(message));
        return messages.get(0);
    }
}

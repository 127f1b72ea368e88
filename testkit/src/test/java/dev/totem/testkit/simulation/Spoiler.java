/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.simulation;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.wire.MalformedMessageException;
import dev.totem.core.internal.wire.MessageCodec;
import dev.totem.core.spi.SealHeader;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Changes one field of a frame of the suite {@code none}: by its place in the message, to a value at the edge or of another
 * message, or, where no sender would write that, in the bytes. One thread.
 */
public final class Spoiler {

    private static final int REMEMBERED_MAX = 64;

    private final RandomGenerator random;
    private final MessageCodec codec = new MessageCodec();
    private final List<Object> seen = new ArrayList<>();

    public Spoiler(RandomGenerator random) {
        this.random = random;
    }

    /** A frame that differs from the given one in a field, and is as long as it says. */
    public byte[] spoil(byte[] frame) {
        int header = SealHeader.BYTES;
        ByteBuffer plaintext =
                ByteBuffer.wrap(frame, header, frame.length - header).slice();
        byte[] bytes;
        try {
            ProtocolMessage message = codec.decode(plaintext.duplicate());
            bytes = encoded((ProtocolMessage) changed((Record) message));
        } catch (MalformedMessageException | IllegalArgumentException refused) {
            bytes = overwritten(plaintext);
        }
        if (bytes.length != plaintext.remaining()) {
            bytes = overwritten(plaintext);
        }
        byte[] spoilt = frame.clone();
        System.arraycopy(bytes, 0, spoilt, header, bytes.length);
        return spoilt;
    }

    private byte[] encoded(ProtocolMessage message) {
        ByteBuffer bytes = ByteBuffer.allocate(codec.encodedBytes(message));
        codec.encode(message, bytes);
        return bytes.array();
    }

    private byte[] overwritten(ByteBuffer plaintext) {
        byte[] bytes = new byte[plaintext.remaining()];
        plaintext.duplicate().get(bytes);
        int at = 2 + random.nextInt(bytes.length - 2);
        byte[] value =
                ByteBuffer.allocate(Long.BYTES).putLong(edge(random.nextLong())).array();
        System.arraycopy(value, 0, bytes, at, Math.min(1 << random.nextInt(4), bytes.length - at));
        return bytes;
    }

    private Object changed(Record record) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            for (int i = 0; i < components.length; i++) {
                values[i] = components[i].getAccessor().invoke(record);
            }
            int which = random.nextInt(values.length);
            values[which] = changed(values[which]);
            return record.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException refused) {
            throw new IllegalArgumentException(refused);
        }
    }

    private Object changed(Object value) {
        Object other = another(value);
        if (value instanceof Long number) {
            return other instanceof Long of && random.nextInt(3) == 0 ? of : edge(number);
        } else if (value instanceof Integer number) {
            return (int) edge(number);
        } else if (value instanceof Boolean flag) {
            return !flag;
        } else if (value instanceof NodeId node) {
            return NodeId.of(Math.max(1, (int) edge(node.value())));
        } else if (value instanceof Guarantee) {
            return List.of(Guarantee.values()).get(random.nextInt(Guarantee.values().length));
        } else if (value instanceof Optional<?>) {
            return Optional.of(NodeId.of(1 + random.nextInt(random.nextBoolean() ? 5 : 100_000)));
        } else if (value instanceof List<?> list) {
            return changed(list);
        } else if (value instanceof Record record) {
            return other.getClass() == value.getClass() && random.nextInt(3) == 0 ? other : changed(record);
        }
        return value;
    }

    private Object changed(List<?> list) {
        if (list.isEmpty()) {
            return list;
        }
        List<Object> changed = new ArrayList<>(list);
        int which = random.nextInt(changed.size());
        changed.set(which, changed(changed.get(which)));
        return changed;
    }

    /** One of the values of this type that went by before, or this one. */
    private Object another(Object value) {
        List<Object> same =
                seen.stream().filter(one -> one.getClass() == value.getClass()).toList();
        if (seen.size() >= REMEMBERED_MAX) {
            seen.remove(random.nextInt(seen.size()));
        }
        seen.add(value);
        return same.isEmpty() ? value : same.get(random.nextInt(same.size()));
    }

    private long edge(long own) {
        return switch (random.nextInt(11)) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> -1;
            case 3 -> Long.MAX_VALUE;
            case 4 -> Integer.MAX_VALUE;
            case 5 -> own + 1;
            case 6 -> own - 1;
            case 7 -> own + 1_000;
            case 8 -> Long.MAX_VALUE - 7;
            case 9 -> 2_000_000_000;
            default -> random.nextLong() >>> random.nextInt(63);
        };
    }
}

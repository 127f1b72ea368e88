/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Values as JSON, by Jackson, which whoever uses it has among its dependencies ({@code jackson-databind}). Any thread.
 *
 * <p>A field that this version does not know is an error, as Jackson has it by default: so a replica with old code stops at a
 * command of new code, and says so, in place of making something else of it.
 *
 * @param <T> what is encoded
 */
public final class JsonCodec<T> implements Codec<T> {

    private final ObjectMapper mapper;
    private final Class<T> type;

    private JsonCodec(ObjectMapper mapper, Class<T> type) {
        this.mapper = mapper;
        this.type = type;
    }

    /** With Jackson's defaults. */
    public static <T> JsonCodec<T> of(Class<T> type) {
        return of(JsonMapper.builder().build(), type);
    }

    /** With a mapper of one's own, the same at all nodes. */
    public static <T> JsonCodec<T> of(ObjectMapper mapper, Class<T> type) {
        return new JsonCodec<>(requireNonNull(mapper, "mapper"), requireNonNull(type, "type"));
    }

    @Override
    public byte[] encode(T value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException(
                    "no JSON can be made of a " + type.getName() + ": " + impossible.getOriginalMessage(), impossible);
        }
    }

    @Override
    public T decode(byte[] bytes) {
        try {
            return mapper.readValue(bytes, type);
        } catch (JsonProcessingException unknown) {
            throw new IllegalArgumentException(
                    "not the JSON of a " + type.getName() + " of this version: " + unknown.getOriginalMessage(),
                    unknown);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}

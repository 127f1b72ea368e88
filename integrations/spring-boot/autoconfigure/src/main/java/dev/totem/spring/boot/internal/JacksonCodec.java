/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.blocks.Codec;
import java.lang.reflect.Type;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/** Values as JSON by the application's mapper. Any thread. */
public final class JacksonCodec implements Codec<Object> {

    private final JsonMapper mapper;
    private final JavaType type;

    public JacksonCodec(JsonMapper mapper, Type type) {
        this.mapper = mapper;
        this.type = mapper.constructType(type);
    }

    @Override
    public byte[] encode(Object value) {
        return mapper.writerFor(type).writeValueAsBytes(value);
    }

    @Override
    public Object decode(byte[] bytes) {
        Object value = mapper.readerFor(type).readValue(bytes);
        if (value == null) {
            throw new IllegalArgumentException("the JSON is null, which is no " + type.toCanonical());
        }
        return value;
    }
}

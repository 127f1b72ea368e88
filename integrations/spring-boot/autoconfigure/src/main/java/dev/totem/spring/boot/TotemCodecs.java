/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static java.util.Objects.requireNonNull;

import dev.totem.blocks.Codec;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Payloads as values: a bean {@code Codec<T>} if the application has one, bytes and text as they are, and JSON for all others where
 * the application has a {@code JsonMapper}. Any thread.
 */
public final class TotemCodecs {

    private final Function<Type, Optional<Codec<?>>> own;
    private final Function<Type, Optional<Codec<?>>> others;
    private final Map<Type, Codec<?>> known = new ConcurrentHashMap<>();

    /**
     * @param own codecs that go before those for bytes and text
     * @param others codecs for what no other knows
     */
    public TotemCodecs(Function<Type, Optional<Codec<?>>> own, Function<Type, Optional<Codec<?>>> others) {
        this.own = requireNonNull(own, "own");
        this.others = requireNonNull(others, "others");
    }

    /**
     * The codec of a type.
     *
     * @throws IllegalArgumentException if there is none; says what to add
     */
    public <T> Codec<T> of(Class<T> type) {
        return of((Type) requireNonNull(type, "type"));
    }

    /**
     * The codec of a type that may have arguments, such as {@code List<String>}.
     *
     * @param <T> what the type stands for; not checked
     * @throws IllegalArgumentException if there is none; says what to add
     */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <T> Codec<T> of(Type type) {
        return (Codec<T>) known.computeIfAbsent(requireNonNull(type, "type"), this::find);
    }

    /** The bytes of a value, by the codec of its class. */
    public byte[] encode(Object value) {
        Codec<Object> codec = of((Type) requireNonNull(value, "value").getClass());
        return codec.encode(value);
    }

    private Codec<?> find(Type type) {
        return own.apply(type)
                .or(() -> plain(type))
                .or(() -> others.apply(type))
                .orElseThrow(() -> new IllegalArgumentException("no codec for " + type.getTypeName()
                        + ": add a bean of type dev.totem.blocks.Codec<" + type.getTypeName()
                        + ">, or spring-boot-starter-jackson for JSON"));
    }

    private static Optional<Codec<?>> plain(Type type) {
        if (type == byte[].class) {
            return Optional.of(Codec.bytes());
        }
        return type == String.class ? Optional.of(Codec.utf8()) : Optional.empty();
    }
}

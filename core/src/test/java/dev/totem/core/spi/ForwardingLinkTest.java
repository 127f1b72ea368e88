/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.spi.DatagramLink.Receiver;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class ForwardingLinkTest {

    private static final SocketAddress SOURCE = InetSocketAddress.createUnresolved("test", 1);

    private final List<List<Object>> calls = new ArrayList<>();

    /** Also what is added to the interfaces later. */
    @Test
    void passesEverythingOnAsItIs() throws ReflectiveOperationException {
        passesOn(DatagramLink.class, new ForwardingLink(recording(DatagramLink.class)) {});
        passesOn(Receiver.class, new ForwardingLink.ForwardingReceiver(recording(Receiver.class)) {});
    }

    private <T> void passesOn(Class<T> type, T forwarding) throws ReflectiveOperationException {
        for (Method method : type.getMethods()) {
            Object[] arguments = Arrays.stream(method.getParameterTypes())
                    .map(ForwardingLinkTest::sample)
                    .toArray();
            calls.clear();

            Object answer = method.invoke(forwarding, arguments);

            List<Object> call = new ArrayList<>(List.of(method.getName()));
            call.addAll(List.of(arguments));
            assertThat(calls).as(method.toString()).containsExactly(call);
            if (method.getReturnType() != void.class) {
                assertThat(answer).as(method.toString()).isEqualTo(sample(method.getReturnType()));
            }
        }
    }

    private <T> T recording(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    List<Object> call = new ArrayList<>(List.of(method.getName()));
                    call.addAll(arguments == null ? List.of() : List.of(arguments));
                    calls.add(call);
                    return method.getReturnType() == void.class ? null : sample(method.getReturnType());
                }));
    }

    private static Object sample(Class<?> type) {
        List<Object> samples = List.of(
                ByteBuffer.wrap(new byte[] {1}),
                NodeId.of(7),
                SOURCE,
                Map.of(),
                Optional.of(NodeId.of(8)),
                Mono.empty());
        if (type == int.class) {
            return 1_234;
        } else if (type == boolean.class) {
            return true;
        } else if (type == Receiver.class) {
            return NOBODY;
        } else if (type == Collection.class) {
            return List.of(NodeId.of(1));
        }
        return samples.stream().filter(type::isInstance).findFirst().orElseThrow();
    }

    private static final Receiver NOBODY = (bytes, source) -> {};
}

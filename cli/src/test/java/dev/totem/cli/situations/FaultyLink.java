/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.situations;

import dev.totem.core.NodeId;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.DatagramLink.Receiver;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** What is wrong with a link of a node in this JVM. Any thread. */
final class FaultyLink {

    private static final Set<String> SENDING = Set.of("multicast", "announce", "unicast", "reply");

    private final Set<Integer> unheard = ConcurrentHashMap.newKeySet();
    private volatile boolean isMute;
    private volatile boolean isDeaf;
    private volatile int longest = Integer.MAX_VALUE;
    private volatile CountDownLatch stop = new CountDownLatch(0);

    /** Nothing comes and nothing goes. */
    void cut(boolean value) {
        isMute = value;
        isDeaf = value;
    }

    /** Nothing comes. */
    void deafen() {
        isDeaf = true;
    }

    /** Nothing comes from that port. */
    void deafenTo(int port) {
        unheard.add(port);
    }

    /** Nothing comes that has more bytes. */
    void deafenToLonger(int bytes) {
        longest = bytes;
    }

    /** The thread of the node stands still until this is counted down. */
    CountDownLatch stop() {
        CountDownLatch latch = new CountDownLatch(1);
        stop = latch;
        return latch;
    }

    DatagramLink around(DatagramLink link) {
        return (DatagramLink) Proxy.newProxyInstance(
                DatagramLink.class.getClassLoader(), new Class<?>[] {DatagramLink.class}, (proxy, method, args) -> {
                    if (SENDING.contains(method.getName()) && isMute) {
                        return null;
                    }
                    if (method.getName().equals("start")) {
                        link.start(disturbed((Receiver) args[0]));
                        return null;
                    }
                    return passed(link, method, args);
                });
    }

    private static Object passed(DatagramLink link, Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(link, args);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private Receiver disturbed(Receiver receiver) {
        return new Receiver() {
            @Override
            public void received(ByteBuffer bytes, SocketAddress source) {
                try {
                    stop.await();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
                boolean isHeard = !isDeaf
                        && bytes.remaining() <= longest
                        && !(source instanceof InetSocketAddress from && unheard.contains(from.getPort()));
                if (isHeard) {
                    receiver.received(bytes, source);
                }
            }

            @Override
            public void misplaced(NodeId claimed, SocketAddress source, Optional<NodeId> listed) {
                if (!isDeaf) {
                    receiver.misplaced(claimed, source, listed);
                }
            }

            @Override
            public void noticeDue() {
                receiver.noticeDue();
            }

            @Override
            public void readComplete() {
                receiver.readComplete();
            }
        };
    }
}

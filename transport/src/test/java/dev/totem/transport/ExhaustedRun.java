/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.ProtocolFailureException;
import dev.totem.core.SendFailedException;
import dev.totem.core.Settings;
import dev.totem.core.TotemNode;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.PlainSeal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A node whose process uses up its heap while the loop runs, to the last kilobyte. A process of its own. */
public final class ExhaustedRun {

    private static final CountDownLatch ENDS = new CountDownLatch(3);
    private static final AtomicReference<Throwable> CLOSED = new AtomicReference<>();
    private static final AtomicReference<Throwable> EVENTS = new AtomicReference<>();
    private static final AtomicReference<Throwable> SENT = new AtomicReference<>();

    private static volatile boolean isExhausting;
    private static Object[] held = {};

    private ExhaustedRun() {}

    /** Exits with 0 if the node ended in order; takes the state directory and the port. */
    public static void main(String[] arguments) throws Exception {
        Path state = Path.of(arguments[0]);
        TotemNode node = UdpTotem.create()
                .nodeId(1)
                .bind("127.0.0.1", Integer.parseInt(arguments[1]))
                .peers(Peer.of(2, "127.0.0.1", 9))
                .seal(PlainSeal.create())
                .stateDirectory(state)
                .config(config -> config.set(Settings.NETMTU, 1_500)
                        .set(Settings.WINDOW_SIZE, 128)
                        .set(Settings.MEMORY, 8 << 20))
                .link(ExhaustedRun::exhausting)
                .start()
                .block(Duration.ofSeconds(20));
        EvsHandle handle = node.openHandle();
        handle.join("g").block(Duration.ofSeconds(20));
        handle.events().subscribe(event -> {}, reason -> ends(EVENTS, reason));
        node.onClose().subscribe(nothing -> {}, reason -> ends(CLOSED, reason));
        isExhausting = true;
        handle.send(Message.to("g").payload(new byte[100])).subscribe(position -> {}, reason -> ends(SENT, reason));

        boolean hasEnded = ENDS.await(30, TimeUnit.SECONDS);
        held = new Object[0];
        System.out.println("ended " + hasEnded + ", closed with " + CLOSED.get() + ", events with " + EVENTS.get()
                + ", send with " + SENT.get());
        // Fails unless the lock was given back.
        FileRingSequenceStore.open(state, NodeId.of(1)).close();
        boolean isRight = hasEnded
                && CLOSED.get() instanceof ProtocolFailureException
                && EVENTS.get() instanceof ProtocolFailureException
                && SENT.get() instanceof SendFailedException;
        System.out.println("result: " + (isRight ? "right" : "wrong"));
        System.exit(isRight ? 0 : 1);
    }

    private static void ends(AtomicReference<Throwable> what, Throwable reason) {
        what.set(reason);
        ENDS.countDown();
    }

    private static DatagramLink exhausting(DatagramLink link) {
        return (DatagramLink) Proxy.newProxyInstance(
                DatagramLink.class.getClassLoader(), new Class<?>[] {DatagramLink.class}, (proxy, method, given) -> {
                    if (isExhausting && method.getName().equals("flush")) {
                        isExhausting = false;
                        exhaust();
                    }
                    try {
                        return method.invoke(link, given);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    /** Throws the error that ends it. */
    private static void exhaust() {
        OutOfMemoryError last = null;
        for (int bytes = 1 << 20; bytes >= 1 << 10; bytes >>= 1) {
            try {
                while (true) {
                    held = new Object[] {held, new byte[bytes]};
                }
            } catch (OutOfMemoryError full) {
                last = full;
            }
        }
        if (last != null) {
            throw last;
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.ForwardingLink;
import dev.totem.core.spi.SealHeader;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A link that keeps some reads of one node to itself, as a network that loses them. Node loop, {@link #steal} on any thread. */
final class StealingLink extends ForwardingLink {

    private final int victimOfTheft;
    private final AtomicInteger wanted = new AtomicInteger();
    private final BlockingQueue<byte[]> stolen = new LinkedBlockingQueue<>();

    StealingLink(DatagramLink link, int victimOfTheft) {
        super(link);
        this.victimOfTheft = victimOfTheft;
    }

    /** Waits for a frame of the node for everybody that this one does not get. */
    byte[] steal() throws InterruptedException {
        wanted.incrementAndGet();
        return stolen.take();
    }

    private boolean isWanted(ByteBuffer bytes) {
        int at = bytes.position();
        return bytes.remaining() > SealHeader.BYTES + Integer.BYTES
                && SealHeader.senderAt(bytes, at) == victimOfTheft
                && SealHeader.kindAt(bytes, at) == SealHeader.KIND_PROTOCOL
                && bytes.getInt(at + SealHeader.BYTES) == 0
                && wanted.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    @Override
    public void start(Receiver receiver) {
        super.start(new ForwardingReceiver(receiver) {
            @Override
            public void received(ByteBuffer bytes, SocketAddress source) {
                if (isWanted(bytes)) {
                    byte[] copy = new byte[bytes.remaining()];
                    bytes.get(copy);
                    stolen.add(copy);
                } else {
                    super.received(bytes, source);
                }
            }
        });
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.spi.SealHeader;
import dev.totem.transport.HostAddress;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Listens to a multicast group, as a node of it would. Blocks. */
final class GroupProbe {

    private static final Duration ECHO = Duration.ofSeconds(2);
    private static final int READ_BYTES = 1 << 16;
    private static final int MARK_BYTES = 32;

    private final HostAddress local;
    private final HostPort group;

    GroupProbe(HostAddress local, HostPort group) {
        this.local = local;
        this.group = group;
    }

    /** Whether what is sent to the group comes back, as it must for other nodes of this host. */
    Finding loop() {
        byte[] mark = new byte[MARK_BYTES];
        new SecureRandom().nextBytes(mark);
        // No first byte of a frame: nodes count it as none.
        mark[0] = 0;
        ByteBuffer sent = ByteBuffer.wrap(mark);
        try (DatagramChannel listener = joined();
                DatagramChannel sender = DatagramChannel.open(family())) {
            sender.setOption(StandardSocketOptions.IP_MULTICAST_IF, local.nic());
            sender.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
            sender.bind(new InetSocketAddress(local.address().getAddress(), 0));
            sender.send(sent.duplicate(), new InetSocketAddress(address(), group.port()));
            if (listen(listener, ECHO, read -> read.equals(sent))) {
                return Finding.ok("multicast", "what is sent to " + group.host() + " comes back");
            }
            return Finding.bad(
                    "multicast",
                    "what was sent to " + group.host() + " on " + local.nic().getName() + " did not come back in "
                            + ECHO.toSeconds() + " s",
                    "let the firewall of this host pass it, or use --transport unicast");
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException refused) {
            return Finding.bad(
                    "multicast",
                    "group " + group.host() + " cannot be used on "
                            + local.nic().getName() + ": " + refused.getMessage(),
                    "name a multicast address and an interface that takes part, or use --transport unicast");
        }
    }

    /** Who is heard in the group: whether one has the id that is to be used, and whose frames cannot be opened. */
    Finding neighbours(String id, String cluster, Duration time) {
        int tag = SealHeader.clusterTag(cluster);
        TreeMap<Integer, String> ours = new TreeMap<>();
        TreeSet<String> others = new TreeSet<>();
        try (DatagramChannel listener = joined()) {
            listen(listener, time, read -> {
                int sender = SealHeader.senderOf(read, tag);
                if (sender > 0) {
                    ours.put(sender, "");
                } else if (isOfAnother(read)) {
                    others.add("node " + SealHeader.senderAt(read, read.position()));
                }
                return ours.containsKey(number(id));
            });
        } catch (IOException refused) {
            return Finding.bad("id", "the group cannot be listened to: " + refused.getMessage(), "see multicast");
        }
        if (ours.containsKey(number(id))) {
            return Finding.bad(
                    "id",
                    "a node with the id " + id + " speaks in " + group.host(),
                    "give this one another id, unless it is the node that is to be replaced");
        }
        if (!others.isEmpty()) {
            return Finding.warn(
                    "id",
                    "another cluster than " + cluster + " is heard in " + group.host() + ": " + others,
                    "give them different ports or groups, or the same cluster-name if they are to be one");
        }
        return Finding.ok(
                "id",
                "in " + time.toSeconds() + " s " + (ours.isEmpty() ? "nobody" : "nodes " + ours.keySet()) + " heard");
    }

    /** The node id that it is; 0 if it has yet to be derived. */
    static int number(String id) {
        return id.matches("[0-9]{1,9}") ? Integer.parseInt(id) : 0;
    }

    private static boolean isOfAnother(ByteBuffer read) {
        ByteBuffer frames = read.duplicate();
        return SealHeader.skipFrame(frames) != SealHeader.NO_FRAME;
    }

    /** Reads until one is what is waited for; says whether it came. */
    private static boolean listen(DatagramChannel listener, Duration time, Predicate<ByteBuffer> isIt)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
        long end = System.nanoTime() + time.toNanos();
        try (Selector selector = Selector.open()) {
            listener.register(selector, SelectionKey.OP_READ);
            for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
                selector.select(Math.max(1, left / 1_000_000));
                selector.selectedKeys().clear();
                while (listener.receive(buffer.clear()) != null) {
                    if (isIt.test(buffer.flip())) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private DatagramChannel joined() throws IOException {
        DatagramChannel listener = DatagramChannel.open(family());
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(new InetSocketAddress(group.port()));
            listener.join(address(), local.nic());
            listener.configureBlocking(false);
            return listener;
        } catch (IOException | RuntimeException refused) {
            listener.close();
            throw refused;
        }
    }

    private InetAddress address() throws IOException {
        return InetAddress.getByName(group.host());
    }

    private ProtocolFamily family() {
        return local.address().getAddress() instanceof Inet6Address
                ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET;
    }
}

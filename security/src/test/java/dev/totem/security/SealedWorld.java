/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.node.RunningNode;
import dev.totem.core.internal.node.environment.NodeEnvironment;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.ForwardingLink;
import dev.totem.core.spi.NodeScheduler;
import dev.totem.testkit.internal.sim.NodeLauncher;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * Starts simulated nodes that seal, over links on which everything that arrives is recorded and can be played again. One
 * thread, the simulator's.
 */
final class SealedWorld implements NodeLauncher {

    /** What one node read at once, and from where. */
    record Read(NodeId by, byte[] bytes, SocketAddress source) {}

    private final NonceLedger nonces = new NonceLedger(JceAead::new);
    private final Map<NodeId, TappedLink> links = new TreeMap<>();
    private final Map<NodeId, KeyRing> rings = new TreeMap<>();
    private final List<Read> recording = new ArrayList<>();
    private final KeyRing keys;
    private final Set<NodeId> withholding = new HashSet<>();
    private RotationPolicy rotation = RotationPolicy.NEVER;
    private boolean echoes;

    /** @param keys what is in each node's key file at first */
    SealedWorld(KeyRing keys) {
        this.keys = keys;
    }

    NonceLedger nonces() {
        return nonces;
    }

    /** Everything that any node has read so far. */
    List<Read> recording() {
        return new ArrayList<>(recording);
    }

    /** Whoever starts from now on rotates its key by itself. */
    void rotating(RotationPolicy policy) {
        rotation = policy;
    }

    /** A node reads its key file no more, and so says nothing about keys that it does not have yet. */
    void withhold(NodeId node) {
        withholding.add(node);
    }

    /** From now on everybody reads everything again at once that anybody reads. */
    void echo(boolean on) {
        echoes = on;
    }

    /** A node reads this, soon. */
    void play(NodeId node, Read read) {
        links.get(node).play(read);
    }

    void playToAll(Read read) {
        links.values().forEach(link -> link.play(read));
    }

    /** What is in a node's key file. */
    KeyRing keyFile(NodeId node) {
        return rings.getOrDefault(node, keys);
    }

    void keyFile(NodeId node, KeyRing ring) {
        rings.put(node, ring);
    }

    @Override
    public Mono<TotemNode> launch(NodeId self, NodeSettings config, World world, Consumer<TotemNode> onBound) {
        TappedLink link = new TappedLink(self, world.link(), world.scheduler());
        links.put(self, link);
        AeadSeal seal = new AeadSeal(
                CipherSuite.AES_256_GCM,
                copy(keyFile(self)),
                new Kept(self),
                nonces::cipher,
                world.random(),
                AeadSeal.PART_FRAMES);
        if (!rotation.equals(RotationPolicy.NEVER)) {
            seal = seal.rotating(rotation.age(), rotation.frames());
        }
        NodeEnvironment environment = new NodeEnvironment(
                link, world.scheduler(), seal, world.disk(), world.random(), world.reserve(), world.witness());
        return RunningNode.start(self, config, environment, onBound);
    }

    /** Sessions erase what they were given. */
    private static KeyRing copy(KeyRing ring) {
        return new KeyRing(
                ring.keys().stream()
                        .map(key -> new MasterKey(key.id(), key.key().copy()))
                        .toList(),
                ring.active());
    }

    private final class Kept implements KeySource {

        private final NodeId node;

        Kept(NodeId node) {
            this.node = node;
        }

        @Override
        public CompletionStage<KeyRing> read() {
            return withholding.contains(node)
                    ? new CompletableFuture<>()
                    : CompletableFuture.completedFuture(copy(keyFile(node)));
        }

        @Override
        public CompletionStage<Void> keepActive(int id) {
            keyFile(node, new KeyRing(keyFile(node).keys(), id));
            return CompletableFuture.completedFuture(null);
        }
    }

    private final class TappedLink extends ForwardingLink {

        private final NodeId self;
        private final NodeScheduler scheduler;
        private Receiver receiver = (bytes, source) -> {};

        TappedLink(NodeId self, DatagramLink link, NodeScheduler scheduler) {
            super(link);
            this.self = self;
            this.scheduler = scheduler;
        }

        void play(Read read) {
            scheduler.execute(
                    () -> receiver.received(ByteBuffer.wrap(read.bytes().clone()), read.source()));
        }

        private void heard(ByteBuffer bytes, SocketAddress source) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            Read read = new Read(self, copy, source);
            recording.add(read);
            receiver.received(bytes, source);
            if (echoes) {
                playToAll(read);
            }
        }

        @Override
        public void start(Receiver to) {
            receiver = to;
            super.start(new ForwardingReceiver(to) {
                @Override
                public void received(ByteBuffer bytes, SocketAddress source) {
                    heard(bytes, source);
                }
            });
        }
    }
}

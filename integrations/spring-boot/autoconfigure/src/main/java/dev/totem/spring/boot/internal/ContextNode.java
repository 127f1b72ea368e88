/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import static java.util.Objects.requireNonNull;

import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.Lease;
import dev.totem.core.Membership;
import dev.totem.core.NodeHealth;
import dev.totem.core.NodeId;
import dev.totem.core.NodeStats;
import dev.totem.core.Position;
import dev.totem.core.RingProgress;
import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import dev.totem.spring.boot.TotemNodeStarter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The application's node: starts and leaves with the context, and is another one after each start. Any thread; starts and stops on
 * the context's.
 */
public final class ContextNode implements TotemNode, SmartLifecycle, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(ContextNode.class);

    private final TotemNodeStarter starter;
    private final TotemConfig settings;
    private final Duration startTimeout;
    private volatile @Nullable TotemNode current;
    private volatile Sinks.One<TotemNode> running = Sinks.one();

    public ContextNode(TotemNodeStarter starter, TotemConfig settings, Duration startTimeout) {
        this.starter = starter;
        this.settings = settings;
        this.startTimeout = startTimeout;
    }

    public TotemConfig settings() {
        return settings;
    }

    /**
     * The node of the present start: waits for the first start, and fails with {@link IllegalStateException} between a stop and the
     * next start. Any number of subscribers.
     */
    public Mono<TotemNode> running() {
        return Mono.defer(() -> running.asMono());
    }

    /** The node, if it runs. */
    public Optional<TotemNode> now() {
        return started().filter(node -> !node.isDisposed());
    }

    /** The node of the present start, also if it has stopped itself. */
    Optional<TotemNode> started() {
        return Optional.ofNullable(current);
    }

    // with the context

    @Override
    public void start() {
        if (Boolean.TRUE.equals(running.scan(Scannable.Attr.TERMINATED))) {
            running = Sinks.one();
        }
        // A context starts its parts one after the other and waits for each: there is nothing to do meanwhile.
        TotemNode node = requireNonNull(
                starter.start(settings).timeout(startTimeout).block(), "the starter has started no node");
        current = node;
        node.onClose()
                .subscribe(
                        nothing -> {},
                        failure -> LOG.error(
                                "node {} has stopped itself; the application goes on without a ring: {}",
                                node.id(),
                                failure.toString()));
        running.tryEmitValue(node);
    }

    @Override
    public void stop() {
        requireNonNull(current, "current").leave().block();
        over();
    }

    @Override
    public void stop(Runnable done) {
        TotemNode node = current;
        if (node == null) {
            done.run();
            return;
        }
        node.leave()
                .doFinally(signal -> {
                    over();
                    done.run();
                })
                .subscribe(
                        nothing -> {}, failure -> LOG.warn("node {} has not left: {}", node.id(), failure.toString()));
    }

    private void over() {
        Sinks.One<TotemNode> ended = Sinks.one();
        ended.tryEmitError(notRunning());
        running = ended;
        current = null;
    }

    @Override
    public boolean isRunning() {
        return current != null;
    }

    @Override
    public int getPhase() {
        return Phases.NODE;
    }

    /** Of a context that failed to start. */
    @Override
    public void destroy() {
        TotemNode node = current;
        if (node != null) {
            node.dispose();
        }
        running.tryEmitError(notRunning());
    }

    private static IllegalStateException notRunning() {
        return new IllegalStateException(
                "the node does not run: it starts with the application context and leaves with it; use it from when the"
                        + " context has started until it is closed");
    }

    private TotemNode node() {
        TotemNode node = current;
        if (node == null) {
            throw notRunning();
        }
        return node;
    }

    // a node

    @Override
    public Mono<RingProgress> progress() {
        return node().progress();
    }

    @Override
    public Mono<SortedMap<GroupName, Integer>> groups(int most) {
        return node().groups(most);
    }

    @Override
    public List<String> blackBox() {
        return node().blackBox();
    }

    @Override
    public NodeId id() {
        return node().id();
    }

    @Override
    public String cluster() {
        return node().cluster();
    }

    @Override
    public EvsHandle openHandle() {
        return node().openHandle();
    }

    @Override
    public EvsHandle openHandle(Scheduler scheduler) {
        return node().openHandle(scheduler);
    }

    @Override
    public EvsHandle openHandle(Scheduler scheduler, String name) {
        return node().openHandle(scheduler, name);
    }

    @Override
    public Membership membership() {
        return node().membership();
    }

    @Override
    public Lease lease() {
        return node().lease();
    }

    @Override
    public NodeHealth health() {
        return node().health();
    }

    @Override
    public NodeStats stats() {
        return node().stats();
    }

    @Override
    public Mono<Position> rekey(int keyId) {
        return node().rekey(keyId);
    }

    @Override
    public Mono<Position> expel(NodeId member, int keyId) {
        return node().expel(member, keyId);
    }

    @Override
    public Mono<Void> leave() {
        return Mono.defer(() -> node().leave());
    }

    @Override
    public void dispose() {
        node().dispose();
    }

    /** Also while it does not run. */
    @Override
    public boolean isDisposed() {
        return now().isEmpty();
    }

    @Override
    public Mono<Void> onClose() {
        return running().flatMap(TotemNode::onClose);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.situations;

import dev.totem.console.TotemConsole;
import dev.totem.core.NodeHealth.Code;
import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** A node in this JVM with its console, and what its health has said so far. Any thread. */
final class Member implements AutoCloseable {

    private static final Duration LOOK_EVERY = Duration.ofMillis(10);
    private static final Duration SOON = Duration.ofSeconds(20);

    final TotemNode node;
    final FaultyLink link;

    /** The options that {@code totem node} would have. */
    final String options;

    private final TotemConsole console;
    private final Set<Code> codes = ConcurrentHashMap.newKeySet();
    private final Disposable watch;

    Member(TotemNode node, FaultyLink link, String options) {
        this.node = node;
        this.link = link;
        this.options = options;
        this.console = TotemConsole.on(node).start().block(SOON);
        this.watch = Flux.interval(Duration.ZERO, LOOK_EVERY)
                .onBackpressureDrop()
                .subscribe(tick -> node.health().reasons().forEach(reason -> codes.add(reason.code())), failed -> {});
    }

    String address() {
        return "127.0.0.1:" + console.address().getPort();
    }

    Set<Code> codesSeen() {
        return codes;
    }

    /** What was said so far is forgotten. */
    void fault() {
        codes.clear();
    }

    boolean isIn(int... members) {
        List<NodeId> exactly = IntStream.of(members).mapToObj(NodeId::of).toList();
        return node.membership().members().equals(exactly);
    }

    @Override
    public void close() {
        watch.dispose();
        link.cut(false);
        link.stop().countDown();
        node.leave().onErrorComplete().block(SOON);
        console.close().block(SOON);
    }
}

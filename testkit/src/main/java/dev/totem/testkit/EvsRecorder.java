/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupChange;
import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import dev.totem.testkit.internal.check.CheckOptions;
import dev.totem.testkit.internal.check.EvsChecker;
import dev.totem.testkit.internal.check.EvsLog;
import dev.totem.testkit.internal.check.LogEvent;
import dev.totem.testkit.internal.check.MessageId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import reactor.core.publisher.Mono;

/**
 * Records what nodes deliver, and checks it against Extended Virtual Synchrony. Any thread.
 *
 * <p>For nodes that you run yourself, on any transport; {@link TotemSimulation} does it by itself. Record every node of
 * the cluster: a message of a node that is not recorded is all right wherever it comes from.
 */
public final class EvsRecorder {

    private final Map<NodeId, List<Recording>> recordings = new ConcurrentHashMap<>();

    private EvsRecorder() {}

    public static EvsRecorder create() {
        return new EvsRecorder();
    }

    /**
     * Records a node through a handle of its own, until the node ends; a node that was started again is recorded again.
     *
     * <p>Completes when the recording has begun. Cold; cancelling before it completes may leave it recording.
     *
     * @param first with {@code more}, all groups in use: the order of the ones is checked against that of the others
     */
    public Mono<Void> record(TotemNode node, String first, String... more) {
        return Mono.defer(() -> {
            EvsHandle handle = node.openHandle();
            return handle.join(first, more).then(Mono.fromRunnable(() -> begin(node.id(), handle)));
        });
    }

    private void begin(NodeId node, EvsHandle handle) {
        Recording recording = new Recording();
        recordings.compute(node, (id, before) -> {
            List<Recording> all = before == null ? new ArrayList<>() : new ArrayList<>(before);
            all.add(recording);
            return List.copyOf(all);
        });
        handle.events().subscribe(recording::add, ended -> {});
    }

    /** Checks what has been recorded so far; nodes may go on meanwhile. */
    public EvsReport check() {
        List<EvsLog> logs = new ArrayList<>();
        recordings.forEach((node, lives) -> {
            for (int life = 0; life < lives.size(); life++) {
                logs.add(new EvsLog(node, life, lives.get(life).log()));
            }
        });
        CheckOptions options = CheckOptions.ofProcesses().withFirstReplayed(true);
        return EvsReport.of(new EvsChecker(options).check(logs, Optional.empty()));
    }

    /** One life of a node. */
    private static final class Recording {

        private final ConcurrentLinkedQueue<LogEvent> events = new ConcurrentLinkedQueue<>();

        void add(EvsEvent event) {
            if (event instanceof ConfigChange change) {
                events.add(LogEvent.Conf.of(change));
            } else if (event instanceof Delivery delivery && !delivery.groups().isEmpty()) {
                events.add(new LogEvent.Deliver(
                        MessageId.ofContent(delivery.sender(), delivery.position(), delivery.payload()),
                        delivery.sender(),
                        delivery.guarantee(),
                        delivery.position(),
                        delivery.groups()));
            } else if (event instanceof GroupChange change) {
                events.add(LogEvent.Group.of(change));
            }
        }

        /** What comes after the last event is not known. */
        List<LogEvent> log() {
            List<LogEvent> all = new ArrayList<>(events);
            all.add(new LogEvent.Stuck());
            return all;
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.SortedMap;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One running member of a ring. Any thread.
 *
 * <p>Several nodes may run in one JVM, on the same ring or on different ones. User code never runs on the node's protocol
 * loop: what a handle emits, it emits on the handle's scheduler.
 */
public interface TotemNode extends HandleSource, Disposable {

    /** The most groups that {@link #groups} tells of. */
    int GROUPS_ASKED_MAX = 1_024;

    NodeId id();

    /** The name of its cluster, {@link Settings#CLUSTER_NAME}. */
    String cluster();

    /** A new handle whose signals run on {@code Schedulers.parallel()}. */
    EvsHandle openHandle();

    /**
     * A new handle.
     *
     * @param scheduler where its signals run, one after another on one worker; a scheduler that runs tasks in the calling thread is refused with
     *     {@link ConfigurationException}, because it would run user code on the protocol loop. One that is disposed later is done
     *     without; one that throws anything but {@code RejectedExecutionException} ends the handle, and nothing else
     */
    EvsHandle openHandle(Scheduler scheduler);

    /**
     * A new handle with a name that the members of its groups see.
     *
     * @param name 1 to 128 bytes of UTF-8; need not differ from others
     * @throws ConfigurationException if it is empty or longer
     */
    EvsHandle openHandle(Scheduler scheduler, String name);

    /** {@link #openHandle(Scheduler)} for each subscription; also what that throws comes by {@code onError}. */
    @Override
    default Mono<EvsHandle> handle(Scheduler scheduler) {
        requireNonNull(scheduler, "scheduler");
        return Mono.fromSupplier(() -> openHandle(scheduler));
    }

    /** {@link #openHandle(Scheduler, String)} in the same way. */
    @Override
    default Mono<EvsHandle> handle(Scheduler scheduler, String name) {
        requireNonNull(scheduler, "scheduler");
        requireNonNull(name, "name");
        return Mono.fromSupplier(() -> openHandle(scheduler, name));
    }

    /** The regular configuration installed last; of this node alone, with ring number 0, before the first and after the node ended. */
    Membership membership();

    /** Whether this node may act for the primary part without asking; the same object always. */
    Lease lease();

    /** How it is now, and why: whether it is ready, or what keeps it from being. Never blocks. */
    NodeHealth health();

    /** Counters and gauges, as of some moment during the call. Counters grow from the node's start. Never blocks. */
    NodeStats stats();

    /**
     * How far the order of the present ring is, as this node knows it. Asked of the node's loop and made for people: once a second,
     * not once a message.
     *
     * <p>Completes with it; empty while the node looks for a ring, and after it ended. Does not complete while nothing runs on the
     * node's thread. Cold; cancelling has no effect. Signals on {@code Schedulers.parallel()}.
     */
    Mono<RingProgress> progress();

    /**
     * Who the others are, and where: members, nodes that are configured, were found, are told of by members or were heard, and
     * addresses from where nobody has answered. This node is not among them. Asked of the node's loop and made for people: once a
     * second, not once a message. Over UDP and TCP all members are asked for a sign, at most once a second; what this needs is sent
     * only while somebody wants to know.
     *
     * <p>Completes 20 ms later with at most 1,024: members first, then other nodes, both by id, then addresses; with an empty list
     * after the node ended. Does not complete while nothing runs on the node's thread. Cold; cancelling has no effect. Signals on
     * {@code Schedulers.parallel()}.
     */
    Mono<List<PeerStatus>> peers();

    /**
     * Groups that have members somewhere, with how many each has, by the order up to now. Asked of the node's loop and made for people, as
     * {@link #progress()} is.
     *
     * <p>Completes with the first of them by name; after the node ended with what it knew last. Does not complete while nothing runs on the node's
     * thread. Cold; cancelling has no effect. Signals on {@code Schedulers.parallel()}.
     *
     * @param most how many groups at most, 1 to {@value #GROUPS_ASKED_MAX}; {@link Statistics#GROUPS} counts them all
     * @throws ConfigurationException at once, if it is not in that range
     */
    Mono<SortedMap<GroupName, Integer>> groups(int most);

    /**
     * What this node was told and did last, for whoever has to find out why: changes of phase with their reasons, timers, proposals of
     * others, configurations with their causes, pauses, and how many messages and frames were dropped for what reason. Nothing of
     * tokens and messages, and no payloads or keys. At most 4,096 lines with 1 MiB characters, also after the node ended; a node with
     * a state directory that stops itself leaves them there.
     *
     * @return JSON objects, one a line, oldest first; {@code millis} is the wall clock, {@code event} the kind. For people: kinds and
     *     fields may change at any time
     */
    List<String> blackBox();

    /**
     * Makes all members of the ring seal with another key of their key files, which are read again. Nothing is lost or held
     * up by it, and it takes some rotations.
     *
     * <p>Completes with the position from which all seal with the key, when all do and have forgotten those before it; after
     * configuration changes it goes on with the members that there are then. Fails with {@link KeyMissingException} if this
     * node or another member does not have the key, and with {@link ConfigurationException} if it is older than the one in use;
     * nothing has changed then. Fails with {@link NodeClosedException} when the node ends. Cold. Cancelling does not take back what was proposed. Signals on
     * {@code Schedulers.parallel()}.
     *
     * @param keyId the number of the key in the key file, 1 to 255; a key that comes later in the file than the one in use
     * @throws ConfigurationException at once, if it is not in that range
     */
    Mono<Position> rekey(int keyId);

    /**
     * Leaves a member out: makes all others seal with another key of their key files, which that member must not have, and
     * neither waits for it nor heeds what it says of keys. Without the key it can neither read nor send, and the others form
     * a ring without it as they do when a member dies. For a member that is not trusted any more, whose process cannot be
     * ended; first add a key and copy it to all but that one.
     *
     * <p>Completes as {@link #rekey}, with the position from which the others seal with the key; the configuration without the
     * member follows when the token is lost. Fails as {@link #rekey}; a member that has the key stays.
     *
     * @param member who is left out; if it is no member of the ring this is a {@link #rekey}
     * @param keyId as for {@link #rekey}
     * @throws ConfigurationException at once, if the key id is not in its range, or the member is this node
     */
    Mono<Position> expel(NodeId member, int keyId);

    /**
     * Leaves the ring in order. Sends accepted so far are ordered first, then the others are told, then every stream
     * completes and the sockets close.
     *
     * <p>Completes when all of that is done, within {@link Settings#CLOSE_LIMIT}; sends that could not be
     * ordered by then fail with their fate. Fails as {@link #onClose()} does if the node stopped itself before. Cold: it
     * starts when it is subscribed, so that {@code work.then(node.leave())} leaves after the work. Idempotent: any number of
     * them, each completes when the node has left; cancelling does not stop it. Signals on {@code Schedulers.parallel()}.
     */
    Mono<Void> leave();

    /** Begins to {@link #leave()} and waits for nothing; {@link #onClose()} says when it is done. */
    @Override
    void dispose();

    /** Whether it leaves, has left, or has stopped itself. */
    @Override
    boolean isDisposed();

    /**
     * Ends with the node: completes after {@link #leave()}, fails with {@link ProtocolFailureException} or
     * {@link DuplicateNodeIdException} when the node stopped itself. Any number of subscribers; cancelling has no effect
     * on the node. Signals on {@code Schedulers.parallel()}.
     */
    Mono<Void> onClose();
}

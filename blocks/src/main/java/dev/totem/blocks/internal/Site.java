/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Member;
import dev.totem.blocks.MergeReport;
import dev.totem.blocks.ReplicaStoppedException;
import dev.totem.blocks.StateStatus;
import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;

/**
 * Where a replica runs, and whom it tells, on its thread.
 *
 * @param onApplied an entry has been applied, or the machine is another
 */
record Site(
        Member member,
        Outbox out,
        Scheduler scheduler,
        Runnable onApplied,
        Consumer<StateStatus> onStatus,
        Consumer<MergeReport> onMerged,
        Consumer<ReplicaStoppedException> onStopped) {}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import dev.totem.blocks.WorkItem
import dev.totem.blocks.WorkQueue
import dev.totem.core.ConfigurationException
import dev.totem.core.Position
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.reactor.ReactorContext
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.reactor.awaitSingleOrNull
import org.reactivestreams.Subscription
import reactor.core.publisher.BaseSubscriber
import reactor.util.context.Context

/** [WorkQueue.enqueue]. */
public suspend fun <T : Any> WorkQueue<T>.enqueueAndAwait(queue: String, value: T): Position =
    enqueue(queue, value).awaitSingle()

/**
 * [WorkQueue.work]: a worker. An item that was handed to it and has not reached the collector when that ends is given back; one that has is
 * the collector's to acknowledge or give back.
 *
 * @param ahead how many items it is handed at a time, 1 or more: those that wait here are not done elsewhere
 */
public fun <T : Any> WorkQueue<T>.workAsFlow(queue: String, ahead: Int = 1): Flow<WorkItem<T>> {
    if (ahead < 1) {
        throw ConfigurationException("ahead", ahead.toString(), "1 or more")
    }
    val work = work(queue)
    return flow {
        val handed = Channel<WorkItem<T>>(Channel.UNLIMITED) { late -> late.giveBack().subscribe({}, {}) }
        val worker = Worker(handed, ahead, currentCoroutineContext()[ReactorContext]?.context ?: Context.empty())
        work.subscribe(worker)
        try {
            for (item in handed) {
                emit(item)
                worker.request(1)
            }
        } finally {
            worker.cancel()
            handed.cancel()
        }
    }
}

/** Puts what it is handed into a channel that has room for all that was asked for. */
private class Worker<T : Any>(
    private val handed: Channel<WorkItem<T>>,
    private val ahead: Int,
    private val context: Context,
) : BaseSubscriber<WorkItem<T>>() {

    override fun currentContext(): Context = context

    override fun hookOnSubscribe(subscription: Subscription) {
        subscription.request(ahead.toLong())
    }

    /** A channel that was cancelled takes nothing, and does not give back what it did not take. */
    override fun hookOnNext(item: WorkItem<T>) {
        if (handed.trySend(item).isFailure) {
            item.giveBack().subscribe({}, {})
        }
    }

    override fun hookOnComplete() {
        handed.close()
    }

    override fun hookOnError(failure: Throwable) {
        handed.close(failure)
    }
}

/** [WorkQueue.size]; null if this node has no state. */
public suspend fun <T : Any> WorkQueue<T>.sizeAndAwait(queue: String): Int? = size(queue).awaitSingleOrNull()

/** [WorkItem.ack]. */
public suspend fun <T : Any> WorkItem<T>.ackAndAwait() {
    ack().awaitSingleOrNull()
}

/** [WorkItem.giveBack]. */
public suspend fun <T : Any> WorkItem<T>.giveBackAndAwait() {
    giveBack().awaitSingleOrNull()
}

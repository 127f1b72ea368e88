/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.kotlin

import kotlin.coroutines.resumeWithException
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.reactor.ReactorContext
import kotlinx.coroutines.suspendCancellableCoroutine
import org.reactivestreams.Subscription
import reactor.core.CoreSubscriber
import reactor.core.publisher.Mono
import reactor.util.context.Context

/** Awaits what somebody has to give back: it reaches the caller, or is given back if the caller was cancelled meanwhile. */
internal suspend fun <T : Any> Mono<T>.awaitOwned(giveBack: (T) -> Unit): T =
    awaitOwnedOrNull(giveBack) ?: throw NoSuchElementException("nothing was given")

internal suspend fun <T : Any> Mono<T>.awaitOwnedOrNull(giveBack: (T) -> Unit): T? =
    suspendCancellableCoroutine { continuation -> subscribe(OwnedSubscriber(continuation, giveBack)) }

/** Takes what comes also after its cancel, unlike those that drop it. As subscribers are: one signal after the other. */
private class OwnedSubscriber<T : Any>(
    private val continuation: CancellableContinuation<T?>,
    private val giveBack: (T) -> Unit,
) : CoreSubscriber<T> {

    private var isGiven = false

    override fun currentContext(): Context = continuation.context[ReactorContext]?.context ?: Context.empty()

    override fun onSubscribe(subscription: Subscription) {
        continuation.invokeOnCancellation { subscription.cancel() }
        subscription.request(1)
    }

    override fun onNext(value: T) {
        isGiven = true
        continuation.resume(value) { _, late, _ -> giveBack(late) }
    }

    override fun onComplete() {
        if (!isGiven) {
            continuation.resume(null) { _, _, _ -> }
        }
    }

    override fun onError(failure: Throwable) {
        if (!isGiven) {
            continuation.resumeWithException(failure)
        }
    }
}

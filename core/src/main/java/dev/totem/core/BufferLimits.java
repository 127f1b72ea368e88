/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How much may wait in this process, and how long. Immutable, any thread.
 *
 * @param memoryBytes what a node may hold of messages in all: a quarter for sends under way, a quarter for ordering and
 *     recovery, half for what waits for subscribers. One message may exceed its part, and one unfinished message of each
 *     member comes on top. Default 128 MiB, or half of the heap (-Xmx) if that is less; 1 MiB to 1
 *     GiB, and a node does not start with more than half of the heap
 * @param messageBytesMax the largest payload, bytes; default 1 MiB, 1 KiB to 64 MiB. A ring takes the least of its members'
 * @param subscriberEvents events that may wait for one subscriber before it holds the ring back, which takes a rotation;
 *     default 16,384
 * @param subscriberBytes payload bytes that may wait for one subscriber (one message may exceed it); default 16 MiB
 * @param sendsInFlight messages of one {@link EvsHandle#sendAll} under way at once; default 4,096
 * @param sendBytesInFlight payload bytes of one {@link EvsHandle#sendAll} under way at once, by the average of its last
 *     messages; four messages always may. A {@link Guarantee#SAFE} message counts a third, as it is under way for three
 *     rotations instead of one. Default 512 KiB, 1 KiB to 1 GiB. Too low: a visit of the token finds less to send than it
 *     may; too high: messages wait behind each other, and leave the processor's caches
 * @param stallLimit how long a {@link OverflowPolicy#HOLD_BACK} subscriber that holds the ring back may take nothing; default 10 s,
 *     at most 365 days
 * @param closeLimit how long a close waits for accepted sends to be ordered; default 4 s, at most 365 days
 */
public record BufferLimits(
        int memoryBytes,
        int messageBytesMax,
        int subscriberEvents,
        int subscriberBytes,
        int sendsInFlight,
        int sendBytesInFlight,
        Duration stallLimit,
        Duration closeLimit) {

    /** No node sends a message with a larger payload, bytes. */
    public static final int MESSAGE_BYTES_MOST = 64 << 20;

    private static final int MEMORY_LEAST = 1 << 20;
    private static final int MEMORY_DEFAULT = 128 << 20;

    /** As good as for ever, and far from where a clock in nanoseconds overflows. */
    private static final Duration WAIT_MOST = Duration.ofDays(365);

    public BufferLimits {
        requireNonNull(stallLimit, "stallLimit");
        requireNonNull(closeLimit, "closeLimit");
        range("memory", memoryBytes, MEMORY_LEAST, 1 << 30);
        range("max-message-size", messageBytesMax, 1 << 10, MESSAGE_BYTES_MOST);
        range("subscriber-events", subscriberEvents, 16, 1 << 24);
        range("subscriber-bytes", subscriberBytes, 1 << 10, 1 << 30);
        range("sends-in-flight", sendsInFlight, 1, 1 << 20);
        range("send-bytes-in-flight", sendBytesInFlight, 1 << 10, 1 << 30);
        positive("stall-limit", stallLimit);
        positive("close-limit", closeLimit);
    }

    public static BufferLimits defaults() {
        return new BufferLimits(
                memoryFitting(Runtime.getRuntime().maxMemory()),
                1 << 20,
                16_384,
                16 << 20,
                4_096,
                512 << 10,
                Duration.ofSeconds(10),
                Duration.ofSeconds(4));
    }

    /** 128 MiB, or half of a heap that is smaller than twice that. */
    static int memoryFitting(long heapBytes) {
        return (int) Math.max(MEMORY_LEAST, Math.min(MEMORY_DEFAULT, heapBytes / 2));
    }

    public BufferLimits withMemoryBytes(int bytes) {
        return new BufferLimits(
                bytes,
                messageBytesMax,
                subscriberEvents,
                subscriberBytes,
                sendsInFlight,
                sendBytesInFlight,
                stallLimit,
                closeLimit);
    }

    public BufferLimits withMessageBytesMax(int bytes) {
        return new BufferLimits(
                memoryBytes,
                bytes,
                subscriberEvents,
                subscriberBytes,
                sendsInFlight,
                sendBytesInFlight,
                stallLimit,
                closeLimit);
    }

    public BufferLimits withSubscriberEvents(int events) {
        return new BufferLimits(
                memoryBytes,
                messageBytesMax,
                events,
                subscriberBytes,
                sendsInFlight,
                sendBytesInFlight,
                stallLimit,
                closeLimit);
    }

    public BufferLimits withSubscriberBytes(int bytes) {
        return new BufferLimits(
                memoryBytes,
                messageBytesMax,
                subscriberEvents,
                bytes,
                sendsInFlight,
                sendBytesInFlight,
                stallLimit,
                closeLimit);
    }

    public BufferLimits withSendsInFlight(int messages) {
        return new BufferLimits(
                memoryBytes,
                messageBytesMax,
                subscriberEvents,
                subscriberBytes,
                messages,
                sendBytesInFlight,
                stallLimit,
                closeLimit);
    }

    public BufferLimits withSendBytesInFlight(int bytes) {
        return new BufferLimits(
                memoryBytes,
                messageBytesMax,
                subscriberEvents,
                subscriberBytes,
                sendsInFlight,
                bytes,
                stallLimit,
                closeLimit);
    }

    public BufferLimits withStallLimit(Duration stallLimit) {
        return new BufferLimits(
                memoryBytes,
                messageBytesMax,
                subscriberEvents,
                subscriberBytes,
                sendsInFlight,
                sendBytesInFlight,
                stallLimit,
                closeLimit);
    }

    public BufferLimits withCloseLimit(Duration closeLimit) {
        return new BufferLimits(
                memoryBytes,
                messageBytesMax,
                subscriberEvents,
                subscriberBytes,
                sendsInFlight,
                sendBytesInFlight,
                stallLimit,
                closeLimit);
    }

    private static void range(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ConfigurationException(name, String.valueOf(value), "must be from " + least + " to " + most);
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(WAIT_MOST) > 0) {
            throw new ConfigurationException(
                    name, value.toString(), "must be more than zero, and at most " + WAIT_MOST.toDays() + " days");
        }
    }
}

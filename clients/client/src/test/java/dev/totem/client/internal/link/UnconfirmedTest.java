/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.client.internal.wire.Frame;
import dev.totem.client.internal.wire.FrameReader;
import dev.totem.client.internal.wire.MalformedFrameException;
import dev.totem.core.Message;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UnconfirmedTest {

    private final Unconfirmed out = new Unconfirmed();

    /** Counts how often it is told that the other side would like to hear something. */
    private static final class Silences implements Wire.Listener {
        private int count;

        @Override
        public void arrived(Wire wire, Frame frame, int bytes) {}

        @Override
        public void readComplete(Wire wire) {}

        @Override
        public void silent(Wire wire) {
            count++;
            wire.write(new Frame.Ack(count));
        }

        @Override
        public void closed(Wire wire, String why) {}
    }

    private static Wire wire(EmbeddedChannel channel, Wire.Listener listener) {
        return Wire.on(channel, 1 << 20, listener);
    }

    private static EmbeddedChannel channel() {
        return new EmbeddedChannel();
    }

    private static Frame frame(int number) {
        int bytes = number % 50 == 49 ? 40_000 : number % 7 * 300;
        return new Frame.Send(number, 1, Message.to("g").payload(new byte[bytes]));
    }

    /** The operations that have left through this channel. */
    private static List<Integer> left(EmbeddedChannel channel) throws MalformedFrameException {
        channel.flush();
        List<Integer> numbers = new ArrayList<>();
        for (ByteBuf written = channel.readOutbound(); written != null; written = channel.readOutbound()) {
            while (written.isReadable()) {
                Frame read = FrameReader.read(written.readSlice(written.readInt()));
                numbers.add(((Frame.Send) read).op());
            }
            written.release();
        }
        return numbers;
    }

    private static List<Integer> numbers(int from, int to) {
        List<Integer> numbers = new ArrayList<>();
        for (int number = from; number < to; number++) {
            numbers.add(number);
        }
        return numbers;
    }

    @Test
    void whatIsNotConfirmedLeavesAgainFromTheFrameOn() throws MalformedFrameException {
        Random random = new Random(7);
        for (int confirmed = 0; confirmed <= 200; confirmed += 1 + random.nextInt(9)) {
            out.clear();
            EmbeddedChannel first = channel();
            out.attach(wire(first, new Silences()));
            for (int number = 0; number < 200; number++) {
                out.say(frame(number));
                if (random.nextInt(4) == 0) {
                    out.handOver();
                }
            }
            out.handOver();
            assertThat(left(first)).isEqualTo(numbers(0, 200));

            assertThat(out.confirm(confirmed)).isTrue();
            out.detach();
            out.say(frame(200));
            out.handOver();
            EmbeddedChannel second = channel();
            out.attach(wire(second, new Silences()));
            assertThat(left(second)).isEqualTo(numbers(confirmed, 201));
            assertThat(left(first)).isEmpty();

            assertThat(out.confirm(201)).isTrue();
            assertThat(out.bytes()).isZero();
        }
    }

    @Test
    void whatHasNotLeftCannotBeConfirmed() {
        out.attach(wire(channel(), new Silences()));
        out.say(frame(1));
        out.handOver();
        out.say(frame(2));

        assertThat(out.confirm(2)).isFalse();
        assertThat(out.confirm(1)).isTrue();
        out.handOver();
        assertThat(out.confirm(2)).isTrue();
        assertThat(out.confirm(3)).isFalse();
    }

    @Test
    void itsBytesAreThoseOfTheFramesThatAreKept() {
        int first = out.say(frame(1));
        int second = out.say(frame(2));
        assertThat(out.bytes()).isEqualTo(first + second);

        out.attach(wire(channel(), new Silences()));
        out.confirm(1);

        assertThat(out.bytes()).isEqualTo(second);
    }

    @Test
    void whatWasSaidLastLeavesBeforeTheEnd() throws MalformedFrameException {
        EmbeddedChannel channel = channel();
        out.attach(wire(channel, new Silences()));
        out.say(frame(5));

        out.clear();

        assertThat(left(channel)).containsExactly(5);
    }

    @Test
    void whoSaysNothingIsAskedToEveryFourSeconds() {
        Silences silences = new Silences();
        EmbeddedChannel channel = channel();
        channel.freezeTime();
        Wire wire = wire(channel, silences);
        wire.write(frame(1));
        passes(channel, 2_100);
        assertThat(silences.count).isZero();

        for (int times = 1; times <= 3; times++) {
            passes(channel, 4_000);
            assertThat(silences.count).isEqualTo(times);
        }

        for (int times = 0; times < 10; times++) {
            wire.write(frame(times));
            passes(channel, 1_000);
        }
        assertThat(silences.count).isEqualTo(3);
        channel.close();
    }

    private static void passes(EmbeddedChannel channel, int millis) {
        for (int passed = 0; passed < millis; passed += 100) {
            channel.advanceTimeBy(100, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
        }
    }
}

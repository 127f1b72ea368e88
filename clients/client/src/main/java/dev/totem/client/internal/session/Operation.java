/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.session;

import dev.totem.client.internal.wire.Frame;
import dev.totem.core.TotemException;
import java.util.function.IntFunction;

/** Something that was asked of the executive and is answered once. The session's loop only. */
final class Operation {

    /** Who is told how it went; called on the session's loop. */
    interface Answer {

        /**
         * It was done.
         *
         * @param answer a {@link Frame.Done}, {@link Frame.Stats}, {@link Frame.Health} or {@link Frame.Members}
         */
        void done(Frame answer);

        void failed(TotemException reason);
    }

    private final IntFunction<Frame.Operation> frame;
    private final Answer answer;
    private final int cost;
    private int number = -1;

    /** @param frame what is asked, with a number of the session's choice */
    Operation(IntFunction<Frame.Operation> frame, Answer answer) {
        this.frame = frame;
        this.answer = answer;
        this.cost = frame.apply(0).cost();
    }

    int cost() {
        return cost;
    }

    Answer answer() {
        return answer;
    }

    /** Whether the executive may have heard of it. */
    boolean isSaid() {
        return number >= 0;
    }

    int number() {
        return number;
    }

    boolean isSend() {
        return frame.apply(0) instanceof Frame.Send;
    }

    Frame.Operation say(int underNumber) {
        number = underNumber;
        return frame.apply(underNumber);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.capture;

import java.util.List;

/**
 * A frame, or what stands where one should be. Immutable, any thread.
 *
 * @param sender the node that it says it is of; 0 if that is not known
 * @param receiver the node that it is for; 0 for everybody
 * @param text what it is, or what is wrong
 * @param messages the application messages that are whole in it, in words
 * @param isWrong whether it could not be read
 */
record DecodedFrame(
        int sender,
        long life,
        long counter,
        int receiver,
        String suite,
        int key,
        String text,
        List<String> messages,
        boolean isWrong) {

    static DecodedFrame wrong(String why) {
        return new DecodedFrame(0, 0, 0, 0, "", 0, why, List.of(), true);
    }

    /** {@code 1>*} or {@code 1>2}; {@code ?} if it is not known. */
    String where() {
        return sender == 0 ? "?" : sender + ">" + (receiver == 0 ? "*" : String.valueOf(receiver));
    }
}

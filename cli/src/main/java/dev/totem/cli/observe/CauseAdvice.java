/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

/** What to do about a cause, by its kind as {@code dev.totem.core.ChangeCause.kind()} has it. Any thread. */
final class CauseAdvice {

    private CauseAdvice() {}

    /** A sentence; empty where nothing is to be done, or a later version knows more. */
    static String of(String kind) {
        return switch (kind) {
            case "token-lost" -> "See which node was not heard: a crash, a pause or lost datagrams there.";
            case "member-silent" ->
                "See whether that node runs and its datagrams arrive; if it is heard and does not agree, it may not hear us: a"
                        + " firewall, or a list of peers.";
            case "failed-to-receive" ->
                "Raise the receive buffer of that node (sysctl -w net.core.rmem_max=…), and look at its load.";
            case "paused" -> "Look at garbage collection, CPU quota and steal there; or raise token above the pauses.";
            case "commit-lost" -> "Nothing if it happens once; otherwise see whether unicast gets through both ways.";
            case "settings-differ" -> "Give all nodes the same value.";
            case "key-unknown" -> "Give all nodes the same key file and suite; if they have them, somebody else sends.";
            case "twin" -> "Give one of the two processes another id.";
            default -> "";
        };
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;

/** Documents of {@code /status} for tests. */
final class Documents {

    static final Moments MOMENTS = new Moments(ZoneOffset.UTC);

    /** 2026-11-29 08:00:00 UTC. */
    static final long START = 1_795_939_200_000L;

    static final String FORMED = """
            {"millis":%d,"kind":"regular","ring":{"rep":1,"seq":8},"members":[1,2,3],"joined":[2,3],"left":[],"primary":true,
             "causes":[{"kind":"foreign-ring","at":1,"node":2,"text":"node 2 of another ring heard at node 1"}]}""".formatted(START);

    static final String OVER = """
            {"millis":%d,"kind":"transitional","ring":{"rep":1,"seq":8},"members":[1,2],"joined":[],"left":[3],"primary":true}""".formatted(START + 60_000);

    static final String SMALLER = """
            {"millis":%d,"kind":"regular","ring":{"rep":1,"seq":12},"members":[1,2],"joined":[],"left":[],"primary":false,
             "causes":[{"kind":"token-lost","at":1,"last":3,"copies":3,"millis":1000,"text":"token lost at node 1, which had it 1000 ms before and sent it again 3 times; last heard of at node 3"},
                       {"kind":"member-silent","at":1,"node":3,"millis":1200,"heard":false,"text":"node 3 not heard at node 1 for 1200 ms"}]}""".formatted(START + 60_001);

    private Documents() {}

    static NodeStatus status(String document) {
        try {
            return NodeStatus.read("test", document.getBytes(StandardCharsets.UTF_8));
        } catch (IOException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }

    /** A ring of three in which nothing is wrong, so many seconds after it was formed. */
    static String healthy(int seconds) {
        return document(
                seconds,
                "\"live\":true,\"ready\":true,\"reasons\":[]",
                "\"ring\":{\"rep\":1,\"seq\":8},\"members\":[1,2,3],\"primary\":true",
                FORMED);
    }

    /** The same after node 3 has crashed. */
    static String alone(int seconds) {
        return document(
                seconds,
                "\"live\":true,\"ready\":false,\"reasons\":[{\"code\":\"NOT_PRIMARY\",\"weight\":\"waits\","
                        + "\"text\":\"2 of 4 votes\",\"remedy\":\"Start more nodes.\"}]",
                "\"ring\":{\"rep\":1,\"seq\":12},\"members\":[1,2],\"primary\":false",
                FORMED + "," + OVER + "," + SMALLER);
    }

    private static String document(int seconds, String health, String membership, String changes) {
        return """
                {"node":1,"cluster":"lab","millis":%d,"version":"0.1.0","health":{%s},"membership":{%s},
                 "lease":{"held":true,"millis":480},"changes":[%s],
                 "stats":{"messages-delivered":%d,"messages-originated":%d,"messages-retransmitted":0,"tokens":%d,"tokens-resent":0,
                          "link-frame-bytes-sent":%d,"link-read-bytes":%d,"groups":2,"sealing-key":3,"rekeys":1}}""".formatted(
                        START + 1_000L * seconds,
                        health,
                        membership,
                        changes,
                        2_500L * seconds,
                        800L * seconds,
                        9_000L * seconds,
                        1_500_000L * seconds,
                        2_500_000L * seconds)
                .replace("\n", " ");
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.util.SortedMap;

/** What a link tells about itself: its counters and, as gauges, what was chosen and granted. */
final class LinkReport {

    private LinkReport() {}

    static SortedMap<String, Long> counters(LinkCounters counters, LinkSizes sizes, SocketBuffers granted) {
        SortedMap<String, Long> report = counters.snapshot();
        report.put("link-frame-bytes-max", (long) sizes.frameBytesMax());
        report.put("link-receive-buffer-bytes", (long) granted.receiveBytes());
        report.put("link-send-buffer-bytes", (long) granted.sendBytes());
        return report;
    }
}

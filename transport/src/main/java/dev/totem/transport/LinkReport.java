/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.Statistic;
import dev.totem.core.Statistics;
import java.util.Map;

/** What a link tells about itself: what it has counted and, as gauges, what was chosen and granted. */
final class LinkReport {

    private LinkReport() {}

    static Map<Statistic, Long> statistics(LinkCounters counters, LinkSizes sizes, SocketBuffers granted) {
        Map<Statistic, Long> report = counters.snapshot();
        report.put(Statistics.LINK_FRAME_BYTES_MAX, (long) sizes.frameBytesMax());
        report.put(Statistics.LINK_RECEIVE_BUFFER_BYTES, (long) granted.receiveBytes());
        report.put(Statistics.LINK_SEND_BUFFER_BYTES, (long) granted.sendBytes());
        return report;
    }
}

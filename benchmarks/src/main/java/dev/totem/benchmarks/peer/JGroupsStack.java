/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.peer;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The protocol stack of JGroups with total order by a sequencer, tuned for throughput. Any thread.
 *
 * <p>No failure detection, no statistics, no diagnostics: nothing that costs and is not measured.
 *
 * @param tcpMembers {@code ADDRESS[PORT]} of each, in the order of their ids; none for UDP
 * @param bundleBytes the largest datagram
 * @param credits bytes a sender may have under way to each receiver
 * @param keyStore a PKCS #12 file with the AES key {@link #KEY_ALIAS}; null for a stack without encryption
 */
record JGroupsStack(
        String host,
        String groupHost,
        int groupPort,
        List<String> tcpMembers,
        int id,
        int bundleBytes,
        String bundler,
        String credits,
        @Nullable Path keyStore) {

    /** The name of the key in the store; also its password. */
    static final String KEY_ALIAS = "totem-bench";

    /** Room for the headers of all protocols in a datagram. */
    private static final int HEADER_BYTES_MAX = 200;

    String xml() {
        return """
                <config xmlns="urn:org:jgroups">
                    %s
                         bundler_type="%s" bundler.max_size="%d" bundler.capacity="16k"
                         message_processing_policy="max" stats="false" diag.enabled="false"
                         thread_pool.min_threads="0" thread_pool.max_threads="50" use_virtual_threads="false"/>
                    %s
                    <MERGE3 min_interval="1s" max_interval="3s" stats="false"/>
                    %s
                    <pbcast.NAKACK2 use_mcast_xmit="%b" xmit_interval="100ms" stats="false"/>
                    <UNICAST3 xmit_interval="100ms" stats="false"/>
                    <pbcast.STABLE desired_avg_gossip="50s" max_bytes="8M" stats="false"/>
                    <pbcast.GMS print_local_addr="false" join_timeout="1s" stats="false"/>
                    <UFC max_credits="%s" min_threshold="0.4" stats="false"/>
                    <MFC max_credits="%s" min_threshold="0.4" stats="false"/>
                    <SEQUENCER stats="false"/>
                    <FRAG4 frag_size="%d" stats="false"/>
                </config>
                """.formatted(
                        transport(),
                        bundler,
                        bundleBytes,
                        discovery(),
                        encryption(),
                        tcpMembers.isEmpty(),
                        credits,
                        credits,
                        bundleBytes - HEADER_BYTES_MAX);
    }

    private String transport() {
        if (tcpMembers.isEmpty()) {
            return """
                    <UDP bind_addr="%s" mcast_addr="%s" mcast_port="%d" ip_ttl="1"
                         mcast_recv_buf_size="16M" mcast_send_buf_size="16M"
                         ucast_recv_buf_size="16M" ucast_send_buf_size="16M"
                    """.formatted(host, groupHost, groupPort);
        }
        String own = tcpMembers.get(id - 1);
        String port = own.substring(own.indexOf('[') + 1, own.length() - 1);
        return """
                <TCP bind_addr="%s" bind_port="%s" port_range="0" recv_buf_size="16M" send_buf_size="16M" tcp_nodelay="true"
                """.formatted(host, port);
    }

    private String discovery() {
        return tcpMembers.isEmpty()
                ? "<PING stats=\"false\"/>"
                : "<TCPPING initial_hosts=\"" + String.join(",", tcpMembers) + "\" port_range=\"0\" stats=\"false\"/>";
    }

    private String encryption() {
        if (keyStore == null) {
            return "";
        }
        return """
                <dev.totem.benchmarks.peer.GcmEncrypt sym_algorithm="AES/GCM/NoPadding" sym_iv_length="12" sym_keylength="128"
                    keystore_type="pkcs12" keystore_name="%1$s" store_password="%2$s" key_password="%2$s" alias="%2$s" stats="false"/>
                """.formatted(keyStore, KEY_ALIAS);
    }
}

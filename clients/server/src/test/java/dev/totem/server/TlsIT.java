/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.client.ExecutiveAddress;
import dev.totem.client.TlsFiles;
import dev.totem.client.TotemClient;
import dev.totem.core.ConfigurationException;
import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.ExecutiveAwayException;
import dev.totem.core.Message;
import dev.totem.testkit.TestRing;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of other hosts: TLS 1.3, with a certificate or a token, and only what is allowed. */
class TlsIT {

    private static final Duration SOON = Executives.SOON;

    @TempDir
    static Path folder;

    private static final TestRing RING = TestRing.of(1);
    private static Certificates certificates;
    private static TotemServer server;
    private static TotemServer withTokens;

    @BeforeAll
    static void serves() throws Exception {
        certificates = new Certificates(folder)
                .sign("executive")
                .sign("orders")
                .sign("late", "-startdate", "-10d", "-validity", "5")
                .selfSigned("stranger");
        Path tokens = folder.resolve("tokens");
        Files.writeString(tokens, "# who\nbilling a-token-of-some-length\n");
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
        RING.awaitOneRing().block(SOON);
        GroupPatterns allowed =
                GroupPatterns.of(List.of("certificate:CN=orders all orders.*", "token:billing send,join orders.paid"));
        TlsFiles files = TlsFiles.none()
                .trusting(certificates.authority())
                .identity(certificates.certificate("executive"), certificates.key("executive"));
        TotemServer.Builder plan = TotemServer.on(RING.node(1))
                .listen(ExecutiveAddress.tls("127.0.0.1", 0))
                .tls(files)
                .authorization(allowed);
        server = plan.bind().block(SOON);
        withTokens = plan.tokens(tokens).bind().block(SOON);
    }

    @AfterAll
    static void ends() {
        server.close().block(SOON);
        withTokens.close().block(SOON);
        RING.close();
    }

    private static TotemClient.Builder client(TotemServer at, String identity) {
        TlsFiles files = TlsFiles.none().trusting(certificates.authority());
        return TotemClient.at(at.addresses().get(0))
                .patience(Duration.ofSeconds(1))
                .tls(
                        identity.isEmpty()
                                ? files
                                : files.identity(certificates.certificate(identity), certificates.key(identity)));
    }

    @Test
    void aClientWithACertificateDoesWhatItMay() {
        TotemClient client = client(server, "orders").connect().block(SOON);
        EvsHandle handle = client.openHandle().block(SOON);
        handle.join("orders.new").block(SOON);
        List<Delivery> seen = new CopyOnWriteArrayList<>();
        handle.deliveries().subscribe(seen::add);
        handle.send(Message.of(new byte[100_000])).block(SOON);
        HandleContract.await(() -> seen.size() == 1);
        assertThatThrownBy(() -> handle.join("others").block(SOON))
                .hasMessageContaining("certificate:CN=orders may not join");
        assertThatThrownBy(() -> handle.send(Message.to(handle.id())).block(SOON))
                .hasMessageContaining("certificate:CN=orders may not send to member");
        client.close().block(SOON);
    }

    @Test
    void aClientWithATokenDoesWhatItMay() {
        TotemClient client =
                client(withTokens, "").token("a-token-of-some-length").connect().block(SOON);
        EvsHandle handle = client.openHandle().block(SOON);
        handle.join("orders.paid").block(SOON);
        handle.send(Message.of(new byte[1])).block(SOON);
        assertThatThrownBy(() -> handle.join("orders.new").block(SOON)).hasMessageContaining("token:billing");
        client.close().block(SOON);
    }

    @Test
    void whoHasNoIdentityIsRefused() {
        for (TotemClient.Builder nobody : List.of(
                client(server, ""),
                client(server, "stranger"),
                client(server, "late"),
                client(server, "").token("a-token-of-some-length"),
                client(withTokens, ""),
                client(withTokens, "").token("a-token-of-other-length"),
                client(withTokens, "late"))) {
            assertThatThrownBy(() -> nobody.connect().block(SOON))
                    .isInstanceOfAny(ConfigurationException.class, ExecutiveAwayException.class)
                    .hasMessageContaining("no executive can be used there");
        }
        assertThat(server.stats().get(ServerStatistics.SESSIONS)).isLessThanOrEqualTo(1);
    }

    @Test
    void anExecutiveThatIsNotTheOneIsNotTrusted() {
        TotemClient.Builder trusting = TotemClient.at(server.addresses().get(0))
                .patience(Duration.ofMillis(300))
                .tls(TlsFiles.none().trusting(certificates.certificate("stranger")));
        assertThatThrownBy(() -> trusting.connect().block(SOON)).isInstanceOf(ExecutiveAwayException.class);
    }

    @Test
    void whoSpeaksNoTlsIsClosed() throws Exception {
        ExecutiveAddress.Tls address = (ExecutiveAddress.Tls) server.addresses().get(0);
        try (Socket plain = new Socket(address.host(), address.port())) {
            plain.getOutputStream()
                    .write("TOTC is not TLS, and neither is this\r\n"
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            plain.setSoTimeout(10_000);
            byte[] alert = plain.getInputStream().readAllBytes();
            assertThat(alert.length).isLessThan(100);
        }
    }

    @Test
    void filesThatWouldNotProtectAreRefused() throws Exception {
        Path open = folder.resolve("open.key");
        Files.copy(certificates.key("executive"), open);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        TotemServer.Builder plan = TotemServer.on(RING.node(1)).listen(ExecutiveAddress.tls("127.0.0.1", 0));
        TlsFiles identity = TlsFiles.none().identity(certificates.certificate("executive"), open);
        assertThatThrownBy(() -> plan.tls(identity.trusting(certificates.authority()))
                        .bind()
                        .block(SOON))
                .hasMessageContaining("chmod 600");
        assertThatThrownBy(() -> plan.tls(TlsFiles.none()
                                .identity(certificates.certificate("executive"), certificates.key("executive")))
                        .bind()
                        .block(SOON))
                .hasMessageContaining("say whose certificates");
        assertThatThrownBy(() -> plan.tls(TlsFiles.none().trusting(certificates.authority()))
                        .bind()
                        .block(SOON))
                .hasMessageContaining("needs a certificate");
    }
}

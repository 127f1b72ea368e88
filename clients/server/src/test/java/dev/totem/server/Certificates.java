/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Certificates made with the JDK's keytool: an authority, and what it signs. */
final class Certificates {

    private static final String PASSWORD = "password";

    private final Path folder;

    Certificates(Path folder) throws Exception {
        this.folder = folder;
        keytool(
                "-genkeypair",
                "-alias",
                "ca",
                "-dname",
                "CN=authority",
                "-keyalg",
                "EC",
                "-ext",
                "bc:c",
                "-validity",
                "9");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "ca",
                "-file",
                folder.resolve("ca.pem").toString());
    }

    Path authority() {
        return folder.resolve("ca.pem");
    }

    Path certificate(String name) {
        return folder.resolve(name + ".pem");
    }

    Path key(String name) {
        return folder.resolve(name + ".key");
    }

    /** A certificate of the authority's. */
    Certificates sign(String name, String... validity) throws Exception {
        keytool("-genkeypair", "-alias", name, "-dname", "CN=" + name, "-keyalg", "EC");
        Path request = folder.resolve(name + ".csr");
        keytool("-certreq", "-alias", name, "-file", request.toString());
        List<String> words = new ArrayList<>(List.of(
                "-gencert",
                "-rfc",
                "-alias",
                "ca",
                "-infile",
                request.toString(),
                "-outfile",
                certificate(name).toString()));
        words.addAll(List.of("-ext", "san=ip:127.0.0.1"));
        words.addAll(List.of(validity));
        keytool(words.toArray(String[]::new));
        writeKey(name);
        return this;
    }

    /** A certificate that nobody else has signed. */
    Certificates selfSigned(String name) throws Exception {
        keytool("-genkeypair", "-alias", name, "-dname", "CN=" + name, "-keyalg", "EC");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                name,
                "-file",
                certificate(name).toString());
        writeKey(name);
        return this;
    }

    private void writeKey(String name) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("store.p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        Key key = store.getKey(name, PASSWORD.toCharArray());
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        Files.writeString(key(name), "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n");
        Files.setPosixFilePermissions(key(name), PosixFilePermissions.fromString("rw-------"));
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        words.addAll(List.of(arguments));
        words.addAll(List.of(
                "-storetype", "PKCS12", "-keystore", folder.resolve("store.p12").toString()));
        words.addAll(List.of("-storepass", PASSWORD));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}

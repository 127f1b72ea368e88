/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class NodeAddressTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8080, http://127.0.0.1:8080/status",
        "node-1.lab:80, http://node-1.lab:80/status",
        "[::1]:8080, http://[::1]:8080/status",
        "http://127.0.0.1:8080, http://127.0.0.1:8080/status",
        "http://127.0.0.1:8080/, http://127.0.0.1:8080/status",
        "HTTPS://totem.example, https://totem.example/status"
    })
    void isAHostAndAPortOrAUrl(String text, String status) {
        assertThat(NodeAddress.parse(text).at("/status")).hasToString(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "127.0.0.1",
                "127.0.0.1:",
                ":8080",
                "::1:8080",
                "localhost:port",
                "127.0.0.1:99999",
                "localhost:80/status",
                "http://",
                "http://a b",
                "http://u:p@localhost:80",
                "http://localhost:80/?x",
                "file:///etc/passwd",
                "ftp://localhost:21"
            })
    void saysWhatItWants(String text) {
        assertThatExceptionOfType(TypeConversionException.class)
                .isThrownBy(() -> NodeAddress.parse(text))
                .withMessageStartingWith("'" + text + "'")
                .withMessageMatching(".*(HOST:PORT|over http or https).*");
    }
}

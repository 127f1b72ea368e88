/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Message;
import dev.totem.testkit.TestRing;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

// example:test
@TotemTest(nodes = 2, properties = "totem.quorum=majority:2")
class GreetingTest {

    @Autowired
    TestRing ring;

    @Autowired
    Greetings.Greeter greeter;

    @Test
    void hearsWhatAnotherInstanceSays() throws Exception {
        Message hello = Message.to("greetings").payload("hello".getBytes(UTF_8));
        ring.node(2).openHandle().send(hello).block();
        assertThat(greeter.heard.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
    }
}
// example:end

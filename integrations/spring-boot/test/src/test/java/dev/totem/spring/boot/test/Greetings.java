/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.test;

import dev.totem.spring.boot.TotemListener;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.springframework.stereotype.Component;

/** A listener, and a bean that has nothing to do with a ring. */
final class Greetings {

    private Greetings() {}

    @Component
    static class Greeter {
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        @TotemListener(group = "greetings")
        void greeted(String greeting) {
            heard.add(greeting);
        }
    }

    @Component
    static class Database {}
}

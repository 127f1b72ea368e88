/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.ConfigurationException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Addresses and names of which the names are looked up, again and again, on a thread that may block. One search; one thread
 * at a time.
 */
final class NamedPeers {

    private static final Logger LOG = LoggerFactory.getLogger("dev.totem.transport.discovery");

    private final Set<String> unresolved = new HashSet<>();

    /**
     * Looks at once and then with this pause between; each result that differs from the one before.
     *
     * @param look blocks; an error ends it
     */
    static Flux<Set<InetSocketAddress>> repeat(String thread, Duration pause, Callable<Set<InetSocketAddress>> look) {
        return Flux.using(
                () -> {
                    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
                        Thread made = new Thread(task, thread);
                        made.setDaemon(true);
                        return made;
                    });
                    return Schedulers.fromExecutorService(executor, thread);
                },
                scheduler -> Flux.interval(Duration.ZERO, pause, scheduler)
                        .onBackpressureDrop()
                        .concatMap(tick -> Flux.defer(() -> Flux.just(call(look))), 1)
                        .distinctUntilChanged(),
                Scheduler::dispose);
    }

    private static Set<InetSocketAddress> call(Callable<Set<InetSocketAddress>> look) {
        try {
            return look.call();
        } catch (RuntimeException failed) {
            throw failed;
        } catch (Exception failed) {
            throw new IllegalStateException(failed.getMessage(), failed);
        }
    }

    /** {@code HOST:PORT}, an IPv6 address in brackets. */
    static Endpoint parse(String setting, String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        if (isBracketed) {
            host = host.substring(1, host.length() - 1);
        }
        String digits = text.substring(colon + 1);
        if (host.isEmpty() || (host.indexOf(':') >= 0 && !isBracketed) || !digits.matches("[0-9]{1,5}")) {
            throw new ConfigurationException(setting, text, "is not HOST:PORT; an IPv6 address stands in brackets");
        }
        int port = Integer.parseInt(digits);
        if (port == 0) {
            throw new ConfigurationException(setting, text, "a port is from 1 to 65535");
        }
        return new Endpoint(setting, host, port);
    }

    /** Where they are now: all addresses of each. A name that does not resolve is left out, and said once. */
    Set<InetSocketAddress> resolve(List<Endpoint> endpoints) {
        Set<InetSocketAddress> addresses = new LinkedHashSet<>();
        for (Endpoint endpoint : endpoints) {
            try {
                Arrays.stream(InetAddress.getAllByName(endpoint.host()))
                        .map(address -> new InetSocketAddress(address, endpoint.port()))
                        .forEach(addresses::add);
                if (unresolved.remove(endpoint.host())) {
                    LOG.info("{}: the name resolves now", endpoint);
                }
            } catch (UnknownHostException notNow) {
                if (unresolved.add(endpoint.host())) {
                    LOG.warn("{}: the name does not resolve; it is looked up again and again", endpoint);
                }
            }
        }
        return addresses;
    }
}

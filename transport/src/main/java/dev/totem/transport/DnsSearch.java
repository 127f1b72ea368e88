/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/** One search by DNS, with a thread of its own, on which everything runs. */
final class DnsSearch {

    private static final Logger LOG = LoggerFactory.getLogger("dev.totem.transport.discovery");

    private static final int QUERY_MILLIS = 2_000;
    private static final long PAUSE_SECONDS_MIN = 1;
    private static final long PAUSE_SECONDS_MAX = 60;

    /** Of the fixed fields of an SRV record, the third is the port. */
    private static final int SRV_PORT_AT = 4;

    private static final int SRV_TARGET_AT = 6;

    private final LoopResources resources = LoopResources.create("totem-dns-peers", 1, true);
    private final DnsNameResolver resolver;
    private final String name;
    private final int port;
    private long ttlSeconds = PAUSE_SECONDS_MAX;
    private boolean isFailing;

    private DnsSearch(String name, int port, DnsServerAddressStreamProvider servers) {
        this.name = name;
        this.port = port;
        EventLoopGroup group = resources.onServer(true);
        this.resolver = new DnsNameResolverBuilder(group.next())
                .datagramChannelFactory(() -> resources.onChannel(DatagramChannel.class, group))
                .socketChannelFactory(() -> resources.onChannel(SocketChannel.class, group))
                .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
                .completeOncePreferredResolved(false)
                .queryTimeoutMillis(QUERY_MILLIS)
                .nameServerProvider(servers)
                .resolveCache(new TimesToLive())
                .build();
    }

    /**
     * Asks when subscribed.
     *
     * @param port 0 to ask for services
     * @param server in place of those of the host
     */
    static Flux<Set<InetSocketAddress>> of(String name, int port, Optional<InetSocketAddress> server) {
        DnsServerAddressStreamProvider servers = server.<DnsServerAddressStreamProvider>map(
                        SingletonDnsServerAddressStreamProvider::new)
                .orElseGet(DnsServerAddressStreamProviders::platformDefault);
        return Flux.using(() -> new DnsSearch(name, port, servers), DnsSearch::run, DnsSearch::close);
    }

    private Flux<Set<InetSocketAddress>> run() {
        return Mono.defer(this::ask)
                .repeatWhen(asked -> asked.concatMap(count -> Mono.delay(pause()), 1))
                .distinctUntilChanged();
    }

    /** Empty if there is no answer. */
    private Mono<Set<InetSocketAddress>> ask() {
        ttlSeconds = PAUSE_SECONDS_MAX;
        Mono<Set<InetSocketAddress>> asking = port == 0 ? services() : addresses(name, port);
        return asking.doOnNext(this::answered).onErrorResume(this::notAnswered);
    }

    private void answered(Set<InetSocketAddress> answer) {
        if (isFailing) {
            LOG.info("{}: the name resolves now", name);
        }
        isFailing = false;
    }

    private Mono<Set<InetSocketAddress>> notAnswered(Throwable cause) {
        if (!isFailing) {
            LOG.warn("{}: what was found last stays in use; the name is looked up again every second: {}", name, cause);
        }
        isFailing = true;
        ttlSeconds = PAUSE_SECONDS_MIN;
        return Mono.empty();
    }

    private Duration pause() {
        return Duration.ofSeconds(Math.max(PAUSE_SECONDS_MIN, Math.min(PAUSE_SECONDS_MAX, ttlSeconds)));
    }

    private Mono<Set<InetSocketAddress>> addresses(String host, int at) {
        return mono(() -> resolver.resolveAll(host)).map(found -> {
            Set<InetSocketAddress> addresses = new LinkedHashSet<>();
            for (InetAddress address : found) {
                addresses.add(new InetSocketAddress(unnamed(address), at));
            }
            return addresses;
        });
    }

    private Mono<Set<InetSocketAddress>> services() {
        return mono(() -> resolver.resolveAll(new DefaultDnsQuestion(name, DnsRecordType.SRV)))
                .map(this::targets)
                .flatMapMany(Flux::fromIterable)
                .flatMap(target -> addresses(target.host(), target.port())
                        // A pod that is going leaves its service before its name, or the other way round.
                        .onErrorResume(gone -> Mono.empty()))
                .collect(LinkedHashSet::new, Set::addAll);
    }

    private List<Endpoint> targets(List<DnsRecord> records) {
        List<Endpoint> targets = new ArrayList<>();
        for (DnsRecord each : records) {
            if (each.type().equals(DnsRecordType.SRV) && each instanceof ByteBufHolder holder) {
                ByteBuf content = holder.content();
                int at = content.getUnsignedShort(content.readerIndex() + SRV_PORT_AT);
                content.skipBytes(SRV_TARGET_AT);
                targets.add(new Endpoint("discover", DefaultDnsRecordDecoder.decodeName(content), at));
                ttlSeconds = Math.min(ttlSeconds, each.timeToLive());
            }
            ReferenceCountUtil.release(each);
        }
        return targets;
    }

    /** Two answers are equal if their addresses are. */
    private static InetAddress unnamed(InetAddress address) {
        return Endpoint.unscoped(address);
    }

    private interface Question<T> {
        Future<T> ask();
    }

    private static <T> Mono<T> mono(Question<T> question) {
        return Mono.create(sink -> question.ask().addListener((Future<T> done) -> {
            if (done.isSuccess()) {
                sink.success(done.getNow());
            } else {
                sink.error(done.cause());
            }
        }));
    }

    private void close() {
        resolver.close();
        resources
                .disposeLater(Duration.ZERO, Duration.ofSeconds(1))
                .subscribe(nothing -> {}, failed -> LOG.debug("the loop of a DNS search did not end in order", failed));
    }

    /** Remembers nothing but how long an answer is good for. */
    private final class TimesToLive implements DnsCache {

        @Override
        public void clear() {}

        @Override
        public boolean clear(String hostname) {
            return false;
        }

        @Override
        public @Nullable List<? extends DnsCacheEntry> get(String hostname, DnsRecord[] additionals) {
            return null;
        }

        @Override
        public DnsCacheEntry cache(
                String hostname, DnsRecord[] additionals, InetAddress address, long originalTtl, EventLoop loop) {
            ttlSeconds = Math.min(ttlSeconds, originalTtl);
            return new Note(address, null);
        }

        @Override
        public DnsCacheEntry cache(String hostname, DnsRecord[] additionals, Throwable cause, EventLoop loop) {
            return new Note(null, cause);
        }
    }

    private record Note(
            @Nullable InetAddress address, @Nullable Throwable cause) implements DnsCacheEntry {}
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.core.GroupName;
import dev.totem.core.TotemNode;
import dev.totem.spring.boot.TotemCodecs;
import dev.totem.spring.boot.TotemListener;
import dev.totem.spring.boot.TotemListenerErrorHandler;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;

/** All listeners of the application: found when its beans are there, started and stopped with the context, whose thread it is on. */
public final class Listeners implements SmartInitializingSingleton, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final ConfigurableListableBeanFactory beans;
    private final ContextNode node;
    private final TotemCodecs codecs;
    private final TotemListenerErrorHandler errors;
    private final Observing observing;
    private volatile List<Listener> found = List.of();
    private volatile List<Listener.Running> running = List.of();

    public Listeners(
            ConfigurableListableBeanFactory beans,
            ContextNode node,
            TotemCodecs codecs,
            TotemListenerErrorHandler errors,
            Observing observing) {
        this.beans = beans;
        this.node = node;
        this.codecs = codecs;
        this.errors = errors;
        this.observing = observing;
    }

    @Override
    public void afterSingletonsInstantiated() {
        found = AnnotatedMethods.find(beans, TotemListener.class).stream()
                .map(this::listener)
                .toList();
    }

    private Listener listener(AnnotatedMethods.Found<TotemListener> one) {
        TotemListener said = one.annotation();
        Function<String, String> resolved = text -> String.valueOf(beans.resolveEmbeddedValue(text));
        String given = resolved.apply(said.name());
        String name = given.isEmpty() ? one.bean() + "." + one.method().getName() : given;
        List<GroupName> groups =
                Stream.of(said.group()).map(resolved).map(GroupName::of).toList();
        ListenerMethod method = ListenerMethod.of(beans.getBean(one.bean()), one.method(), codecs);
        return new Listener(name, groups, said.overflow(), method, errors, observing);
    }

    /** The groups of each, by name, for people. */
    public SortedMap<String, List<String>> describe() {
        SortedMap<String, List<String>> described = new TreeMap<>();
        found.forEach(listener -> described.put(
                listener.name(),
                listener.groups().stream().map(GroupName::toString).toList()));
        return described;
    }

    @Override
    public void start() {
        TotemNode life = node.now().orElse(null);
        if (life != null) {
            running = found.stream().map(listener -> listener.start(life)).toList();
        }
    }

    @Override
    public void stop() {
        closing().block();
    }

    @Override
    public void stop(Runnable done) {
        closing()
                .doFinally(signal -> done.run())
                .subscribe(nothing -> {}, failure -> LOG.warn("not all listeners have ended: {}", failure.toString()));
    }

    private Mono<Void> closing() {
        List<Listener.Running> ending = running;
        running = List.of();
        return Mono.whenDelayError(ending.stream().map(Listener.Running::close).toList());
    }

    @Override
    public boolean isRunning() {
        return !running.isEmpty();
    }

    @Override
    public int getPhase() {
        return Phases.LISTENERS;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server.internal;

import dev.totem.client.internal.link.Wire;
import dev.totem.client.internal.session.Connector;
import dev.totem.client.internal.wire.Frame;
import dev.totem.server.ClientIdentity;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection until it is somebody's; then hands on what arrives. The channel's loop only. */
final class Greeting implements Wire.Listener {

    /** A hello, with its name and its token. */
    static final int HELLO_BYTES_MAX = 8_192;

    private static final int HELLO_MILLIS_MAX = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(Greeting.class);

    /** Who is at the other end of a connection. */
    interface Doorkeeper {

        /** The identity that the client has proven, or nothing if it has none. */
        Optional<ClientIdentity> identify(Channel channel, byte[] token);
    }

    private final Sessions sessions;
    private final Doorkeeper doorkeeper;
    private @Nullable Session session;
    private @Nullable Future<?> patience;
    private boolean isRefused;

    Greeting(Sessions sessions, Doorkeeper doorkeeper) {
        this.sessions = sessions;
        this.doorkeeper = doorkeeper;
    }

    /** The connection is there, and says hello soon or is closed. */
    void await(Wire wire) {
        sessions.counters().connections.increment();
        patience = wire.loop()
                .schedule(
                        () -> {
                            if (session == null) {
                                wire.close();
                            }
                        },
                        HELLO_MILLIS_MAX,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void arrived(Wire wire, Frame frame, int bytes) {
        Session known = session;
        if (known != null) {
            known.execute(() -> known.arrived(wire, frame));
        } else if (frame instanceof Frame.Hello hello) {
            greet(wire, hello);
        } else {
            refuse(wire, "a client says hello first");
        }
    }

    private void greet(Wire wire, Frame.Hello hello) {
        if (patience != null) {
            patience.cancel(false);
        }
        Optional<ClientIdentity> client = doorkeeper.identify(wire.channel(), hello.token());
        if (client.isEmpty()) {
            refuse(wire, "this executive does not know you");
            return;
        }
        wire.allow(sessions.limits().client().messageBytes() + Connector.BYTES_BESIDE_PAYLOAD);
        Session former = sessions.find(hello.session(), client.get());
        if (former != null) {
            session = former;
            former.execute(() -> former.resume(wire, hello.received()));
            return;
        }
        Optional<Session> opened = sessions.open(wire, client.get(), hello.name());
        if (opened.isEmpty()) {
            refuse(
                    wire,
                    "this executive has " + sessions.limits().clients()
                            + " clients already: attach to another, or raise its limit");
            return;
        }
        session = opened.get();
        opened.get().begin(wire);
    }

    private void refuse(Wire wire, String why) {
        isRefused = true;
        sessions.counters().refused.increment();
        LOG.info("a client is refused: {}", why);
        wire.close(new Frame.Refused(why));
    }

    @Override
    public void readComplete(Wire wire) {
        Session known = session;
        if (known != null) {
            known.execute(() -> known.readComplete(wire));
        }
    }

    @Override
    public void silent(Wire wire) {
        Session known = session;
        if (known != null) {
            known.execute(() -> known.confirm(wire));
        }
    }

    @Override
    public void closed(Wire wire, String why) {
        if (patience != null) {
            patience.cancel(false);
        }
        Session known = session;
        if (known != null) {
            known.execute(() -> known.lost(wire, why));
        } else if (!isRefused) {
            isRefused = true;
            sessions.counters().refused.increment();
            LOG.info("a connection is nobody's: {}", why);
        }
    }
}

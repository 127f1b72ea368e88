/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server.internal;

import dev.totem.server.ClientIdentity;
import dev.totem.server.ClientIdentity.Kind;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;

/** How clients prove who they are: by the system on a Unix domain socket, by certificate or token on TLS. Any thread. */
public final class Doorkeepers {

    private final int ownUser;
    private final ClientTokens tokens;

    public Doorkeepers(ClientTokens tokens) {
        this.ownUser = ownUser();
        this.tokens = tokens;
    }

    /** A user other than this process's is not let in, whatever the file's mode. */
    Greeting.Doorkeeper unix() {
        return (channel, token) -> {
            if (channel instanceof EpollDomainSocketChannel socket && ownUser >= 0) {
                try {
                    int user = socket.peerCredentials().uid();
                    return user == ownUser
                            ? Optional.of(new ClientIdentity(Kind.USER, String.valueOf(user)))
                            : Optional.empty();
                } catch (IOException unknown) {
                    return Optional.empty();
                }
            }
            return Optional.of(new ClientIdentity(Kind.USER, ownUser < 0 ? "owner" : String.valueOf(ownUser)));
        };
    }

    Greeting.Doorkeeper tls() {
        return (channel, token) -> token.length > 0
                ? tokens.ownerOf(token).map(name -> new ClientIdentity(Kind.TOKEN, name))
                : subject(channel).map(name -> new ClientIdentity(Kind.CERTIFICATE, name));
    }

    private static Optional<String> subject(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(tls.engine().getSession().getPeerPrincipal().getName());
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
    }

    /** As the system says; -1 if it does not. */
    private static int ownUser() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer user ? user : -1;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException noSuchSystem) {
            return -1;
        }
    }
}

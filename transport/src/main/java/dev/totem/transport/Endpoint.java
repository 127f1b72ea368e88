/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.ConfigurationException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** A host and a port as they were configured. Any thread. */
record Endpoint(String setting, String host, int port) {

    Endpoint {
        if (host.isEmpty()) {
            throw new ConfigurationException(setting, text(host, port), "a host is missing before the colon");
        }
        if (port < 0 || port > 65_535) {
            throw new ConfigurationException(setting, text(host, port), "a port is from 1 to 65535");
        }
    }

    /** Looks the name up; blocks. */
    InetAddress resolve() {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw refused("the name does not resolve", e);
        }
    }

    ConfigurationException refused(String remedy) {
        return new ConfigurationException(setting, toString(), remedy);
    }

    ConfigurationException refused(String remedy, @Nullable Throwable cause) {
        return cause == null ? refused(remedy) : new ConfigurationException(setting, toString(), remedy, cause);
    }

    @Override
    public String toString() {
        return text(host, port);
    }

    static String text(String host, int port) {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    static String text(InetSocketAddress address) {
        return text(address.getAddress().getHostAddress(), address.getPort());
    }

    /** The same address without an interface. */
    static InetAddress unscoped(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    /** The same address on what is now the interface, if one is part of it. */
    static InetSocketAddress rescoped(InetSocketAddress address, NetworkInterface nic) {
        boolean isScoped = address.getAddress() instanceof Inet6Address v6 && v6.getScopeId() != 0;
        return isScoped
                ? new InetSocketAddress(scoped(unscoped(address.getAddress()), nic), address.getPort())
                : address;
    }

    /** The same address with the interface named, which IPv6 needs for what is not routed. */
    static InetAddress scoped(InetAddress address, NetworkInterface nic) {
        boolean needsScope = address instanceof Inet6Address v6
                && v6.getScopeId() == 0
                && (v6.isMulticastAddress() || v6.isLinkLocalAddress());
        if (!needsScope) {
            return address;
        }
        try {
            return Inet6Address.getByAddress(null, address.getAddress(), nic.getIndex());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an IPv6 address has 16 bytes", e);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where a node answers over HTTP: {@code HOST:PORT}, or a URL. Any thread.
 *
 * @param base {@code http} or {@code https}, with a host and without path, query and user
 */
record NodeAddress(URI base) {

    static final String LABEL = "HOST:PORT";

    static NodeAddress parse(String text) {
        boolean isUrl = text.contains("://");
        URI uri;
        try {
            uri = new URI(isUrl ? text : "http://" + text);
        } catch (URISyntaxException wrong) {
            throw wrong(text);
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new TypeConversionException("'" + text + "': a node answers over http or https");
        }
        boolean isWhole = uri.getHost() != null && (isUrl || uri.getPort() >= 0);
        boolean isBare = uri.getUserInfo() == null
                && uri.getQuery() == null
                && uri.getFragment() == null
                && (uri.getPath().isEmpty() || uri.getPath().equals("/"));
        if (!isWhole || !isBare || uri.getPort() > 65_535) {
            throw wrong(text);
        }
        return new NodeAddress(URI.create(scheme + "://" + uri.getRawAuthority()));
    }

    URI at(String path) {
        return base.resolve(path);
    }

    @Override
    public String toString() {
        return base.getRawAuthority();
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException("'" + text + "' is neither HOST:PORT nor http://HOST[:PORT]; an IPv6 address"
                + " stands in brackets, [ADDRESS]:PORT");
    }

    /** For picocli. */
    static final class Converter implements ITypeConverter<NodeAddress> {
        @Override
        public NodeAddress convert(String value) {
            return parse(value);
        }
    }
}

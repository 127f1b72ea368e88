/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import java.util.Optional;

/** A line of input that asks for nothing a node can do; carries the line's tag if it had one. */
final class BadRequestException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Optional<String> tag;

    BadRequestException(Optional<String> tag, String what) {
        super(what);
        this.tag = tag;
    }

    Optional<String> tag() {
        return tag;
    }
}

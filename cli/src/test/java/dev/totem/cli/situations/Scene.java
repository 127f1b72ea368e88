/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.situations;

import java.util.Optional;

/**
 * What a situation is looked at by.
 *
 * @param at the node that is asked; empty if none comes up
 * @param options those of {@code totem node} and {@code totem doctor}
 */
record Scene(Optional<Member> at, String options) {

    static Scene at(Member member) {
        return new Scene(Optional.of(member), member.options);
    }

    static Scene refused(String options) {
        return new Scene(Optional.empty(), options);
    }
}

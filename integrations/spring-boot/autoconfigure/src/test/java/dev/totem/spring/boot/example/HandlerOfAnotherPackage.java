/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.example;

import dev.totem.spring.boot.LeaderOnly;

/** Has a method that no class of another package overrides. */
public class HandlerOfAnotherPackage {

    @LeaderOnly
    void unstoppable() {}
}

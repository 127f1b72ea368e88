/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.util.concurrent.CompletionStage;

/** Where the keys of a cluster are kept. Any thread; does not block. */
interface KeySource {

    /** Reads them; fails with {@code ConfigurationException}. */
    CompletionStage<KeyRing> read();

    /** Notes which one to start with; fails with {@code ConfigurationException}. */
    CompletionStage<Void> keepActive(int id);
}

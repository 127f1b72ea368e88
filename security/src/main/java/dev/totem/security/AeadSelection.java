/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.ConfigurationException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The fastest implementation of a suite that gives a known answer on this machine. Any thread. */
final class AeadSelection {

    private static final Logger LOG = LoggerFactory.getLogger(AeadSelection.class);

    private AeadSelection() {}

    static Aead.Factory select(CipherSuite suite) {
        return select(suite.text(), suite.implementations(), suite.knownAnswer());
    }

    /** Takes the first that passes; says so in one line if it is not the first of all. */
    static Aead.Factory select(String suite, List<CipherSuite.Implementation> implementations, KnownAnswer answer) {
        StringBuilder failed = new StringBuilder();
        for (CipherSuite.Implementation implementation : implementations) {
            try {
                if (answer.isGivenBy(implementation.factory())) {
                    if (!failed.isEmpty()) {
                        LOG.warn("{}: slower, sealing with {}; failed:{}", suite, implementation.name(), failed);
                    }
                    return implementation.factory();
                }
                failed.append(" [").append(implementation.name()).append(": wrong answer to a published test vector]");
            } catch (RuntimeException | LinkageError e) {
                failed.append(" [")
                        .append(implementation.name())
                        .append(": ")
                        .append(e)
                        .append(']');
            }
        }
        throw new ConfigurationException("suite", suite, "nothing on this JVM does it right:" + failed);
    }
}

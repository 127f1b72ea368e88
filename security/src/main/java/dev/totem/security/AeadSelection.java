/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.ConfigurationException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The fastest implementation of a suite that gives a known answer on this machine. Any thread. */
final class AeadSelection {

    private static final Logger LOG = LoggerFactory.getLogger(AeadSelection.class);

    private AeadSelection() {}

    static Aead.Factory select(CipherSuite suite) {
        suite.weakness().ifPresent(weakness -> LOG.warn("{}: chosen by its name: {}", suite.text(), weakness));
        return select(suite.text(), suite.implementations(), suite.knownAnswer());
    }

    /**
     * Takes the first that passes; says so in one line if it is not the first of all: as a warning if one of those before
     * it is broken or missing, as information if they only were not allowed to run.
     */
    static Aead.Factory select(String suite, List<CipherSuite.Implementation> implementations, KnownAnswer answer) {
        StringBuilder failed = new StringBuilder();
        boolean isBroken = false;
        for (CipherSuite.Implementation implementation : implementations) {
            try {
                if (answer.isGivenBy(implementation.factory())) {
                    if (!failed.isEmpty()) {
                        LOG.atLevel(isBroken ? Level.WARN : Level.INFO)
                                .log("{}: sealing with {}; not with:{}", suite, implementation.name(), failed);
                    }
                    return implementation.factory();
                }
                isBroken = true;
                failed.append(" [").append(implementation.name()).append(": wrong answer to a test vector]");
            } catch (RuntimeException | LinkageError e) {
                isBroken |= !(e instanceof UnsupportedOperationException);
                failed.append(" [")
                        .append(implementation.name())
                        .append(": ")
                        .append(e.getMessage() == null ? e : e.getMessage())
                        .append(']');
            }
        }
        throw new ConfigurationException("suite", suite, "nothing on this JVM does it right:" + failed);
    }
}

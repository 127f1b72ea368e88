/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Divergence;
import dev.totem.blocks.StateStatus;
import dev.totem.blocks.StateStatus.Phase;
import dev.totem.core.ConfigChange;
import dev.totem.core.NodeClosedException;
import dev.totem.core.NodeId;
import dev.totem.core.SendFailedException;
import dev.totem.core.TotemException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a replica says of itself: to those who look at it, and to those who ask for what it cannot do. One thread. */
final class Standing {

    private static final Logger LOG = LoggerFactory.getLogger("dev.totem.blocks");

    private final Settings settings;
    private final Consumer<StateStatus> onStatus;
    private Optional<Divergence> divergence = Optional.empty();
    private StateStatus status = new StateStatus(Phase.NOT_PRIMARY, List.of(), 0, 0, Optional.empty());

    Standing(Settings settings, Consumer<StateStatus> onStatus) {
        this.settings = settings;
        this.onStatus = onStatus;
    }

    static Phase phase(boolean isStopped, boolean isPrimary, boolean isActive, boolean isAdopted) {
        if (isStopped) {
            return Phase.STOPPED;
        }
        if (!isPrimary) {
            return Phase.NOT_PRIMARY;
        }
        if (isActive) {
            return Phase.IN_STATE;
        }
        return isAdopted ? Phase.BEHIND : Phase.FORMING;
    }

    /** Tells what is so now, if something has changed. */
    void tell(Phase phase, @Nullable Round round, @Nullable Log log, long receivedBytes) {
        StateStatus now = new StateStatus(
                phase,
                round == null ? List.of() : round.nodesInState(),
                log == null ? 0 : log.applied().at().index(),
                receivedBytes,
                divergence);
        if (!now.equals(status)) {
            status = now;
            onStatus.accept(now);
        }
    }

    /** This replica's state was wrong. Gives the words for it. */
    String diverged(NodeId self, Divergence found) {
        divergence = Optional.of(found);
        String text = "the replica of \"" + settings.name() + "\" on node " + self
                + " differs and gets the state of another: " + found;
        LOG.warn("{}", text);
        return text;
    }

    /** Why a part of the network decides nothing. */
    String notPrimary(@Nullable ConfigChange config) {
        return "this part of the network may not decide (quorum " + settings.quorum() + ", members "
                + (config == null ? List.of() : config.members()) + "); wait until it has healed";
    }

    /** Why nothing can be asked for; while a primary is being formed it can. */
    Optional<TotemException> refusal(boolean isStopped, @Nullable ConfigChange config, @Nullable Round round) {
        if (isStopped) {
            return Optional.of(new NodeClosedException("the replica"));
        }
        return config == null || round != null
                ? Optional.empty()
                : Optional.of(new SendFailedException(SendFailedException.Fate.REFUSED, notPrimary(config), true));
    }
}

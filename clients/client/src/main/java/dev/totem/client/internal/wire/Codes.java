/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.wire;

import dev.totem.client.internal.wire.Frame.GroupAction;
import dev.totem.core.ChangeCause;
import dev.totem.core.ConfigChange;
import dev.totem.core.GroupChange;
import dev.totem.core.Guarantee;
import dev.totem.core.OverflowPolicy;
import java.util.List;

/** What the protocol numbers, from 0; new ones come last. */
final class Codes {

    static final List<Guarantee> GUARANTEES = List.of(Guarantee.FIFO, Guarantee.AGREED, Guarantee.SAFE);

    static final List<OverflowPolicy> POLICIES = List.of(OverflowPolicy.HOLD_BACK, OverflowPolicy.FAIL);

    static final List<GroupAction> ACTIONS =
            List.of(GroupAction.JOIN, GroupAction.LEAVE, GroupAction.WATCH, GroupAction.UNWATCH);

    static final List<ConfigChange.Kind> KINDS = List.of(ConfigChange.Kind.REGULAR, ConfigChange.Kind.TRANSITIONAL);

    static final List<GroupChange.Reason> REASONS = List.of(
            GroupChange.Reason.JOINED,
            GroupChange.Reason.LEFT,
            GroupChange.Reason.CLOSED,
            GroupChange.Reason.NODE_GONE,
            GroupChange.Reason.MERGED);

    static final List<ChangeCause.KeyUnknown.Why> WHYS = List.of(
            ChangeCause.KeyUnknown.Why.OTHER_KEY,
            ChangeCause.KeyUnknown.Why.OTHER_SUITE,
            ChangeCause.KeyUnknown.Why.NOT_AUTHENTIC);

    private Codes() {}
}

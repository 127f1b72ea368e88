/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import java.util.List;
import java.util.stream.Stream;

/** All planted defects. */
final class Catalogue {

    static final List<PlantedDefect> ALL = Stream.of(
                    OrderingDefects.ALL,
                    MembershipDefects.ALL,
                    RecoveryDefects.ALL,
                    ApplicationDefects.ALL,
                    GroupDefects.ALL,
                    QuorumDefects.ALL,
                    LeaseDefects.ALL,
                    CauseDefects.ALL,
                    VersionDefects.ALL)
            .flatMap(List::stream)
            .toList();

    private Catalogue() {}
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.board;

import dev.totem.blocks.StateStatus;
import java.util.List;
import java.util.Optional;

/**
 * How one instance is, for its page.
 *
 * @param node this instance
 * @param members whom it is with, itself among them
 * @param nodes how many there should be
 * @param leader who leads, if it knows of one
 * @param phase whether it may change the board
 */
record Instance(int node, List<Integer> members, int nodes, Optional<Integer> leader, StateStatus.Phase phase) {}

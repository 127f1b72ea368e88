/* SPDX-License-Identifier: Apache-2.0 */
/**
 * {@code totem decode}: what a capture of the network has of a ring.
 *
 * <p>Bytes go one way, from the file through packets, datagrams and frames to lines of text. All of them are of others: what is wrong
 * with them is said in a line, and the next ones are looked at.
 */
@NullMarked
package dev.totem.cli.capture;

import org.jspecify.annotations.NullMarked;

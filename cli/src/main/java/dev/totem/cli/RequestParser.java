/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

/** Reads one line of input. Input thread only. */
interface RequestParser {

    NodeRequest parse(byte[] line) throws BadRequestException;
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.board;

/**
 * A thing to do.
 *
 * @param by the instance that put it there or changed it last
 */
record Card(String text, Lane lane, int by) {

    /** Where it stands. */
    enum Lane {
        TODO,
        DOING,
        DONE
    }
}

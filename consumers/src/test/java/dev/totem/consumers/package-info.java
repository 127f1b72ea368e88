/* SPDX-License-Identifier: Apache-2.0 */
/** Builds and runs the projects in {@code consumers/projects} with what this build publishes. */
package dev.totem.consumers;

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A change of the configuration with what led to it. Immutable, any thread.
 *
 * @param change the regular configuration with those who left on the way to it; a transitional one only if none has followed
 * @param story what the node did and was told before it, since the change before, oldest first
 * @param untold how many lines of the story are left out in front
 */
record Explanation(Change change, List<BoxLine> story, int untold) {

    /** What happens while a ring is looked for is told in as many lines, if nothing went wrong with it. */
    private static final int STORY_LINES_MAX = 12;

    /**
     * The changes that a node knows, oldest first.
     *
     * @param box its black box, which knows of changes before those of the status
     */
    static List<Explanation> of(NodeStatus status, List<BoxLine> box) {
        List<Explanation> explanations = new ArrayList<>();
        long since = Long.MIN_VALUE;
        Set<Integer> gone = new TreeSet<>();
        List<Change> all = all(status.changes(), box);
        for (int i = 0; i < all.size(); i++) {
            Change change = all.get(i);
            gone.addAll(change.left());
            if (change.isRegular() || i == all.size() - 1) {
                // Who has left on the way and is back is new in it, and not gone.
                gone.removeAll(change.members());
                explanations.add(explained(with(change, List.copyOf(gone)), box, since));
                since = change.millis();
                gone.clear();
            }
        }
        return explanations;
    }

    /** What both know is told by the status, with what only the box has of it. */
    private static List<Change> all(List<Change> told, List<BoxLine> box) {
        List<Change> all = new ArrayList<>();
        Set<String> known = new HashSet<>();
        List<Change> boxed =
                box.stream().flatMap(line -> line.change().stream()).toList();
        for (Change change : told) {
            known.add(key(change));
            all.add(boxed.stream()
                    .filter(other -> key(other).equals(key(change)))
                    .findFirst()
                    .map(other -> completed(change, other))
                    .orElse(change));
        }
        boxed.stream().filter(change -> !known.contains(key(change))).forEach(all::add);
        all.sort(Comparator.comparingLong(Change::millis));
        return all;
    }

    private static String key(Change change) {
        return change.isRegular() + change.ring();
    }

    /** A handle that was opened later is told of the configuration it finds, without what led to it. */
    private static Change completed(Change told, Change boxed) {
        boolean isBare = told.causes().isEmpty()
                && told.joined().isEmpty()
                && told.left().isEmpty();
        return isBare ? boxed : told;
    }

    private static Change with(Change change, List<Integer> left) {
        return new Change(
                change.millis(),
                change.isRegular(),
                change.ring(),
                change.members(),
                change.joined(),
                left,
                change.isPrimary(),
                change.causes());
    }

    /** The line about the change itself, and what follows in the same millisecond, is no part of its story. */
    private static Explanation explained(Change change, List<BoxLine> box, long since) {
        List<BoxLine> story = new ArrayList<>();
        for (BoxLine line : box) {
            boolean isBefore = line.millis() > since && line.millis() <= change.millis();
            if (line.change().map(Change::ring).filter(change.ring()::equals).isPresent() && change.isRegular()) {
                break;
            }
            if (isBefore && line.change().isEmpty()) {
                story.add(line);
            }
        }
        int untold = Math.max(0, story.size() - STORY_LINES_MAX);
        return new Explanation(change, List.copyOf(story.subList(untold, story.size())), untold);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.ConfigurationException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Why a state directory cannot be used, and what helps. Immutable, any thread. */
record StateTrouble(String cause, String remedy) {

    /** Java has no types for these; the texts are the system's, in the process's language. */
    private static final Map<String, StateTrouble> BY_TEXT = Map.of(
            "no space left", new StateTrouble("the disc is full", "free some space"),
            "quota exceeded", new StateTrouble("this user's share of the disc is full", "free some space"),
            "read-only file system", new StateTrouble("the file system is read-only", "mount it writable"),
            "too many open files",
                    new StateTrouble("no file descriptors are left", "raise the limit (ulimit -n), or close some"),
            "input/output error", new StateTrouble("the disc fails", "replace it"),
            "not a directory", new StateTrouble("a file is in its place", "name a directory"));

    static StateTrouble of(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return new StateTrouble("permission denied", "name a directory this user can write to");
        }
        if (failure instanceof NoSuchFileException) {
            return new StateTrouble("it is gone", "make it again, or mount its file system");
        }
        if (failure instanceof FileAlreadyExistsException || failure instanceof NotDirectoryException) {
            return new StateTrouble("a file is in its place", "name a directory");
        }
        String text = text(failure);
        String known = text.toLowerCase(Locale.ROOT);
        return BY_TEXT.entrySet().stream()
                .filter(entry -> known.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseGet(() -> new StateTrouble(text, "name a directory this user can write to"));
    }

    ConfigurationException at(Path directory, IOException failure) {
        return new ConfigurationException(
                "state-dir", directory.toString(), "cannot be used, " + cause + ": " + remedy, failure);
    }

    private static String text(IOException failure) {
        Optional<String> reason = failure instanceof FileSystemException named
                ? Optional.ofNullable(named.getReason())
                : Optional.ofNullable(failure.getMessage());
        return reason.orElseGet(() -> failure.getClass().getSimpleName());
    }
}

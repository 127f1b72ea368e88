/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.situations;

import dev.totem.core.Settings;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeyFile;
import dev.totem.transport.UdpTotem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.UnaryOperator;

/** Makes each situation happen that is about keys. */
final class KeyScenes {

    private final Lab lab;

    KeyScenes(Lab lab) {
        this.lab = lab;
    }

    /** Node 1 under the default suite and its key, node 3 otherwise. */
    Scene sealed(String suite, Path key) throws IOException {
        Path ours = lab.folder.resolve("our.key");
        KeyFile.create(ours);
        if (!key.equals(ours)) {
            KeyFile.create(key);
        }
        Member first = lab.start(1, udp -> udp.seal(AeadSeal.fromKeyFile(ours)), "--key " + ours);
        lab.start(3, udp -> udp.seal(AeadSeal.fromKeyFile(key, suite)), "--key " + key + " --suite " + suite);
        return Scene.at(first);
    }

    Scene otherKeyAndQuorum() throws IOException {
        Path ours = lab.folder.resolve("our.key");
        Path other = lab.folder.resolve("other.key");
        KeyFile.create(ours);
        KeyFile.create(other);
        Member first = lab.start(1, withKeyAndQuorum(ours), "--key " + ours + " --quorum majority:2");
        lab.start(3, withKeyAndQuorum(other), "--key " + other + " --quorum majority:2");
        return Scene.at(first);
    }

    private static UnaryOperator<UdpTotem> withKeyAndQuorum(Path key) {
        return udp -> udp.seal(AeadSeal.fromKeyFile(key)).config(config -> config.set(Settings.QUORUM, "majority:2"));
    }

    Scene notHeardBack() throws IOException {
        Path key = lab.folder.resolve("our.key");
        KeyFile.create(key);
        Member first = lab.start(1, udp -> udp.seal(AeadSeal.fromKeyFile(key)), "--key " + key);
        Lab.awaitRing(List.of(first), 1);
        lab.start(
                3,
                udp -> {
                    FaultyLink deaf = new FaultyLink();
                    deaf.deafen();
                    return udp.seal(AeadSeal.fromKeyFile(key)).link(deaf::around);
                },
                "--key " + key);
        return Scene.at(first);
    }

    Scene keyLacking() throws IOException {
        Path older = lab.folder.resolve("our.key");
        Path newer = lab.folder.resolve("newer.key");
        KeyFile.create(older);
        Files.copy(older, newer, StandardCopyOption.COPY_ATTRIBUTES);
        KeyFile.add(newer);
        Member third = lab.start(3, udp -> udp.seal(AeadSeal.fromKeyFile(newer)), "--key " + newer);
        Lab.awaitRing(List.of(third), 3);
        third.node.rekey(2).block(Lab.SOON);
        return Scene.at(lab.start(1, udp -> udp.seal(AeadSeal.fromKeyFile(older)), "--key " + older));
    }

    Scene openKeyFile() throws IOException {
        Path key = lab.folder.resolve("open.key");
        KeyFile.create(key);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        return Scene.refused(lab.options(1) + " --key " + key);
    }
}

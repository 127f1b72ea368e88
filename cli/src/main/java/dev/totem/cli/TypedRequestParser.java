/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.ConfigurationException;
import dev.totem.core.GroupName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a person types at {@code totem node}: lines to send, and a few commands that begin with a slash. */
final class TypedRequestParser implements RequestParser {

    static final String HELP = "a line is sent; /members, /stats, /join GROUP, /leave GROUP, /rekey KEY, /quit";

    @Override
    public NodeRequest parse(byte[] line) throws BadRequestException {
        String text = new String(line, StandardCharsets.UTF_8).strip();
        if (!text.startsWith("/")) {
            return new NodeRequest.Send("", line);
        }
        String[] words = text.split("\\s+", -1);
        return switch (words[0]) {
            case "/members" -> new NodeRequest.Members();
            case "/stats" -> new NodeRequest.Stats();
            case "/join" -> new NodeRequest.Join(Optional.empty(), groups(words));
            case "/leave" -> new NodeRequest.Leave(Optional.empty(), groups(words));
            case "/rekey" -> new NodeRequest.Rekey(Optional.empty(), key(words), Optional.empty());
            case "/quit" -> new NodeRequest.Quit();
            default -> throw new BadRequestException(Optional.empty(), HELP);
        };
    }

    private static int key(String[] words) throws BadRequestException {
        if (words.length != 2 || !words[1].matches("\\d{1,3}")) {
            throw new BadRequestException(Optional.empty(), words[0] + " KEY, its number in the key file");
        }
        return Integer.parseInt(words[1]);
    }

    private static List<GroupName> groups(String[] words) throws BadRequestException {
        if (words.length < 2) {
            throw new BadRequestException(Optional.empty(), words[0] + " GROUP");
        }
        try {
            return Stream.of(words).skip(1).map(GroupName::of).toList();
        } catch (ConfigurationException badName) {
            throw new BadRequestException(Optional.empty(), String.valueOf(badName.getMessage()));
        }
    }
}

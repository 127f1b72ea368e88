/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import reactor.core.publisher.Flux;

/** Registers by name, for tests: "put k v", "cas k a b" and "get k" answer what a register holds then, and the index. */
final class RegisterMachine implements StateMachine<String, String> {

    /** Told of each command that is applied, when it is. */
    @FunctionalInterface
    interface Observer {
        void applied(Context at, String command, UUID logBefore, RegisterMachine machine);
    }

    private final Observer observer;
    private final TreeMap<String, String> registers = new TreeMap<>();
    private final List<Member> members = new ArrayList<>();
    private UUID log = new UUID(0, 0);
    private long index;

    RegisterMachine(Observer observer) {
        this.observer = observer;
    }

    @Override
    public String apply(Context at, String command) {
        UUID before = log;
        log = UUID.nameUUIDFromBytes((before + " " + at.position() + " " + command).getBytes(UTF_8));
        index = at.index();
        String answer = applied(registers, command);
        observer.applied(at, command, before, this);
        return answer + " " + index;
    }

    static String applied(Map<String, String> registers, String command) {
        String[] words = command.split(" ", -1);
        switch (words[0]) {
            case "put" -> registers.put(words[1], words[2]);
            case "cas" -> registers.replace(words[1], words[2], words[3]);
            case "get" -> {}
            default -> throw new IllegalArgumentException("unknown command " + command);
        }
        return registers.getOrDefault(words[1], "-");
    }

    @Override
    public void joined(Context at, Member member) {
        members.add(member);
    }

    @Override
    public void ended(Context at, Member member) {
        members.remove(member);
    }

    Map<String, String> registers() {
        return new TreeMap<>(registers);
    }

    /** Of the last command. */
    long index() {
        return index;
    }

    /** A name of all commands so far, in their order. */
    UUID log() {
        return log;
    }

    List<Member> members() {
        return List.copyOf(members);
    }

    @Override
    public Flux<byte[]> snapshot() {
        List<byte[]> chunks = new ArrayList<>();
        chunks.add(("log " + index + " " + log).getBytes(UTF_8));
        members.forEach(member -> chunks.add(("member " + member.node() + " " + member.instance()).getBytes(UTF_8)));
        registers.forEach((key, value) -> chunks.add(("put " + key + " " + value).getBytes(UTF_8)));
        return Flux.fromIterable(chunks);
    }

    @Override
    public void restore(byte[] chunk) {
        String[] words = new String(chunk, UTF_8).split(" ", -1);
        if (words[0].equals("log")) {
            index = Long.parseLong(words[1]);
            log = UUID.fromString(words[2]);
        } else if (words[0].equals("member")) {
            members.add(new Member(dev.totem.core.NodeId.of(Integer.parseInt(words[1])), Long.parseLong(words[2])));
        } else {
            registers.put(words[1], words[2]);
        }
    }
}

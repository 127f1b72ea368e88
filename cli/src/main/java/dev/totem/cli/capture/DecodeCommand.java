/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.capture;

import dev.totem.cli.TotemCommand;
import dev.totem.security.CaptureOpener;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code totem decode FILE.pcap}. Main thread only. */
@Command(
        name = "decode",
        description = "Prints the frames and messages of a capture, a line each; no payloads.",
        mixinStandardHelpOptions = true,
        versionProvider = TotemCommand.Version.class)
public final class DecodeCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            description = "a capture in the classic format of libpcap: tcpdump -s 0 -w FILE udp port N")
    Path file;

    @Option(names = "--key", paramLabel = "FILE", description = "the key file that the nodes seal with")
    @Nullable
    Path key;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            defaultValue = "totem",
            description = "the cluster-name of the nodes, from which keys are derived; default totem")
    String cluster;

    @Option(names = "--json", description = "a JSON object a frame")
    boolean json;

    private long packets;
    private long frames;
    private long wrong;
    private final Map<String, Long> others = new TreeMap<>();

    /** Picocli makes it. */
    public DecodeCommand() {}

    @Override
    public Integer call() throws IOException {
        try (Capture capture = Capture.open(file)) {
            PacketReader packetReader = new PacketReader(capture.linkType(), capture.order());
            if (!packetReader.isKnown()) {
                throw new IOException(file + ": packets of link type " + capture.linkType()
                        + " are not known; capture on an Ethernet, loopback or tunnel interface, or on any");
            }
            Path keyFile = key;
            if (keyFile == null) {
                print(capture, packetReader, new FrameDecoder(Optional.empty(), cluster));
            } else {
                try (CaptureOpener opener = CaptureOpener.fromKeyFile(keyFile, cluster)) {
                    print(capture, packetReader, new FrameDecoder(Optional.of(opener), cluster));
                }
            }
        }
        return 0;
    }

    private void print(Capture capture, PacketReader reader, FrameDecoder decoder) throws IOException {
        DecodeText text = new DecodeText(json);
        PrintWriter out = spec.commandLine().getOut();
        long firstNanos = 0;
        long nanos = 0;
        for (Optional<Capture.Packet> next = capture.next(); next.isPresent(); next = capture.next()) {
            Capture.Packet packet = next.get();
            firstNanos = packets++ == 0 ? packet.nanos() : firstNanos;
            nanos = packet.nanos() - firstNanos;
            Datagram datagram = reader.read(packet.bytes(), packet.wireBytes());
            if (datagram instanceof Datagram.Udp udp) {
                for (DecodedFrame frame : decoder.decode(udp.payload())) {
                    frames += frame.isWrong() ? 0 : 1;
                    wrong += frame.isWrong() ? 1 : 0;
                    text.frame(nanos, udp, frame).forEach(out::println);
                }
            } else if (datagram instanceof Datagram.Other other) {
                others.merge(other.what(), 1L, Long::sum);
            } else if (datagram instanceof Datagram.Unreadable unreadable) {
                wrong++;
                out.println(text.wrong(nanos, "packet " + packet.number() + ": " + unreadable.why()));
            }
        }
        if (!capture.end().isEmpty()) {
            wrong++;
            out.println(text.wrong(nanos, capture.end()));
        }
        out.flush();
        summary();
    }

    /** For a person, so not among the lines. */
    private void summary() {
        PrintWriter err = spec.commandLine().getErr();
        err.println(packets + " packets, " + frames + " frames, " + wrong + " that could not be read"
                + others.entrySet().stream()
                        .map(other -> other.getValue() + " of " + other.getKey())
                        .collect(Collectors.joining(", ", others.isEmpty() ? "" : "; not looked at: ", "")));
        err.flush();
    }
}

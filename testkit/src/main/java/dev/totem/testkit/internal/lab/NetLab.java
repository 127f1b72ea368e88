/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hosts in network namespaces, plugged into switches in one more namespace. One thread.
 *
 * <p>There is a switch for each host; all begin at the first. To cut the network, hosts are plugged into different ones.
 * Loss is a filter on what a host sends that takes a share of its IPv4 packets by chance, deafness one on what comes to it.
 */
public final class NetLab implements AutoCloseable {

    /** {@code SKF_AD_OFF + SKF_AD_RANDOM}: where a classic BPF program reads a random word. */
    private static final long BPF_RANDOM_WORD = 0xFFFFF000L + 56;

    /** Where the sender of an IPv4 packet is in an Ethernet frame. */
    private static final int BPF_IP_SOURCE = 14 + 12;

    private static final int BPF_IP_DESTINATION = BPF_IP_SOURCE + 4;

    /** 224.0.0.0, the first address of a group. */
    private static final long GROUPS_FROM = 0xE0000000L;

    private static final long TC_DROP = 2;
    private static final long TC_PASS = 0xFFFFFFFFL;
    private static final String SECOND = "second";
    private static final AtomicInteger LABS = new AtomicInteger();

    private final String name = "tl" + ProcessHandle.current().pid() % 100_000 + "x" + LABS.incrementAndGet();
    private final int hosts;
    private final boolean hasSecond;

    private NetLab(int hosts, boolean hasSecond) {
        this.hosts = hosts;
        this.hasSecond = hasSecond;
    }

    /** Why this machine cannot have a lab, if it cannot. */
    public static Optional<String> obstacle() throws InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("network namespaces need root");
        }
        String probe = "tlprobe" + ProcessHandle.current().pid();
        try {
            run(List.of("ip", "netns", "add", probe));
            run(List.of("ip", "netns", "del", probe));
            run(List.of("tc", "-V"));
            return Optional.empty();
        } catch (IOException impossible) {
            return Optional.of("no network namespaces here: " + impossible.getMessage());
        }
    }

    public static NetLab of(int hosts) throws IOException, InterruptedException {
        return built(new NetLab(hosts, false));
    }

    /** Hosts with a second interface, {@code eth1}, each of which is plugged into one more switch. */
    public static NetLab withTwoNetworks(int hosts) throws IOException, InterruptedException {
        return built(new NetLab(hosts, true));
    }

    private static NetLab built(NetLab lab) throws IOException, InterruptedException {
        try {
            lab.build();
            return lab;
        } catch (IOException failed) {
            lab.close();
            throw failed;
        }
    }

    /** The address of a host, from 1. */
    public String address(int host) {
        return "10.99.7." + host;
    }

    /** The address of a host on the second network. */
    public String secondAddress(int host) {
        return "10.99.8." + host;
    }

    /**
     * A whole network passes nothing on any more, or does again; hosts do not notice by their interfaces.
     *
     * @param network 1 or 2
     */
    public void cutNetwork(int network, boolean cut) throws IOException, InterruptedException {
        inSwitchSpace("link", "set", network == 1 ? bridge(0) : SECOND, cut ? "down" : "up");
    }

    /** The words that run a command on a host. */
    public List<String> inside(int host) {
        return List.of("ip", "netns", "exec", space(host));
    }

    /** The same where this file is {@code /etc/resolv.conf}. */
    public List<String> inside(int host, Path resolver) {
        List<String> words = new ArrayList<>(inside(host));
        words.addAll(List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"",
                resolver.toString()));
        return words;
    }

    /** Plugs the hosts of each part into a switch of its own. */
    public void partition(List<List<Integer>> parts) throws IOException, InterruptedException {
        for (int part = 0; part < parts.size(); part++) {
            for (int host : parts.get(part)) {
                inSwitchSpace("link", "set", port(host), "master", bridge(part));
            }
        }
    }

    /** Hosts lose power: nobody answers for their addresses any more. */
    public void powerOff(List<Integer> gone) throws IOException, InterruptedException {
        for (int host : gone) {
            inSwitchSpace("link", "set", port(host), "down");
        }
    }

    /** The link-local IPv6 address of a host, without its interface {@code eth0}. */
    public String linkLocal(int host) {
        return "fe80::7:" + host;
    }

    public void addLinkLocals() throws IOException, InterruptedException {
        for (int host = 1; host <= hosts; host++) {
            addLinkLocal(host);
        }
    }

    private void addLinkLocal(int host) throws IOException, InterruptedException {
        inSpace(host, "addr", "add", linkLocal(host) + "/64", "dev", "eth0", "nodad");
    }

    /** A host's interface goes, and comes back under another index, as after its driver was loaded again. */
    public void replaceInterface(int host) throws IOException, InterruptedException {
        inSpace(host, "link", "del", "eth0");
        plugIn(host);
        inSwitchSpace("link", "set", port(host), "master", bridge(0));
        addLinkLocal(host);
    }

    /** What the kernel of a host believes that the path to another one carries, as an ICMP message would tell it. */
    public void pathTo(int host, int other, int bytes) throws IOException, InterruptedException {
        inSpace(host, "route", "add", address(other) + "/32", "dev", "eth0", "mtu", String.valueOf(bytes));
    }

    /** What a host's interface carries from now on. */
    public void mtu(int host, int bytes) throws IOException, InterruptedException {
        inSpace(host, "link", "set", "eth0", "mtu", String.valueOf(bytes));
    }

    /** What all interfaces and the switch carry. Bursts that the kernel would cut late leave in packets, which the switch looks at. */
    public void carry(int bytes) throws IOException, InterruptedException {
        switchCarries(bytes);
        for (int host = 1; host <= hosts; host++) {
            mtu(host, bytes);
            inSpace(host, "link", "set", "eth0", "gso_max_segs", "1");
        }
    }

    /** What the switch carries: it drops what is longer, and says nothing. */
    public void switchCarries(int bytes) throws IOException, InterruptedException {
        for (int host = 1; host <= hosts; host++) {
            inSwitchSpace("link", "set", port(host), "mtu", String.valueOf(bytes));
        }
    }

    /** IPv4 fragments that a host has made. */
    public long fragmentsMade(int host) throws IOException, InterruptedException {
        return ipCounter(host, "FragCreates");
    }

    /** IPv4 fragments that have come to a host, whoever made them. */
    public long fragmentsGot(int host) throws IOException, InterruptedException {
        return ipCounter(host, "ReasmReqds");
    }

    private long ipCounter(int host, String counter) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(inside(host));
        command.addAll(List.of("cat", "/proc/net/snmp"));
        List<String[]> ip = run(command)
                .lines()
                .filter(line -> line.startsWith("Ip: "))
                .map(line -> line.split(" "))
                .toList();
        return Long.parseLong(ip.get(1)[List.of(ip.get(0)).indexOf(counter)]);
    }

    /** A host's interface is switched off, or on again. */
    public void switchInterface(int host, boolean on) throws IOException, InterruptedException {
        inSpace(host, "link", "set", "eth0", on ? "up" : "down");
    }

    /** A host's interface goes, as if it was not made yet. */
    public void unplug(int host) throws IOException, InterruptedException {
        inSpace(host, "link", "del", "eth0");
    }

    /** A host's interface is made. */
    public void plug(int host) throws IOException, InterruptedException {
        plugIn(host);
        inSwitchSpace("link", "set", port(host), "master", bridge(0));
    }

    /** A host has an address, which may be another one than that of its number, or does not have it any more. */
    public void changeAddress(int host, String change, int number) throws IOException, InterruptedException {
        inSpace(host, "addr", change, address(number) + "/24", "dev", "eth0");
    }

    /** So many bytes may wait on a host for each address that nobody has answered for yet. */
    public void waitForArp(long bytes) throws IOException, InterruptedException {
        for (int host = 1; host <= hosts; host++) {
            List<String> command = new ArrayList<>(inside(host));
            command.addAll(List.of("sysctl", "-q", "-w", "net.ipv4.neigh.eth0.unres_qlen_bytes=" + bytes));
            run(command);
        }
    }

    public void heal() throws IOException, InterruptedException {
        for (int host = 1; host <= hosts; host++) {
            inSwitchSpace("link", "set", port(host), "master", bridge(0));
        }
    }

    /** Every host loses this share of what it sends. */
    public void lose(double share) throws IOException, InterruptedException {
        long threshold = Math.round(share * (1L << 32));
        for (int host = 1; host <= hosts; host++) {
            dropWhere(host, "egress", "32 0 0 " + BPF_RANDOM_WORD, "53 1 0 " + threshold);
        }
    }

    /** A host hears nothing of another one, which may hear it. */
    public void deafen(int host, int other) throws IOException, InterruptedException {
        long source = 10L << 24 | 99 << 16 | 7 << 8 | other;
        dropWhere(host, "ingress", "32 0 0 " + BPF_IP_SOURCE, "21 0 1 " + source);
    }

    /** A host hears nothing that another one sends to a group, and all else of it. */
    public void deafenToGroups(int host, int other) throws IOException, InterruptedException {
        long source = 10L << 24 | 99 << 16 | 7 << 8 | other;
        drop(
                host,
                "ingress",
                List.of(
                        "32 0 0 " + BPF_IP_SOURCE,
                        "21 0 3 " + source,
                        "32 0 0 " + BPF_IP_DESTINATION,
                        "53 0 1 " + GROUPS_FROM,
                        "6 0 0 " + TC_DROP,
                        "6 0 0 " + TC_PASS));
    }

    /** A host hears nothing that has more bytes than this with all headers. */
    public void deafenToLonger(int host, int bytes) throws IOException, InterruptedException {
        dropWhere(host, "ingress", "128 0 0 0", "37 0 1 " + bytes);
    }

    /** A host hears everything again. */
    public void hear(int host) throws IOException, InterruptedException {
        tc(host, "qdisc", "del", "dev", "eth0", "clsact");
    }

    /**
     * Drops what passes an interface.
     *
     * @param load what the classic BPF program looks at
     * @param test goes to the next instruction, which drops, or to the one after it
     */
    private void dropWhere(int host, String way, String load, String test) throws IOException, InterruptedException {
        drop(host, way, List.of(load, test, "6 0 0 " + TC_DROP, "6 0 0 " + TC_PASS));
    }

    private void drop(int host, String way, List<String> instructions) throws IOException, InterruptedException {
        String program = instructions.size() + "," + String.join(",", instructions);
        tc(host, "qdisc", "add", "dev", "eth0", "clsact");
        List<String> filter = new ArrayList<>(List.of("filter", "add", "dev", "eth0", way));
        filter.addAll(List.of("protocol", "ip", "prio", "1", "bpf", "direct-action", "bytecode", program));
        tc(host, filter.toArray(String[]::new));
    }

    public void loseNothing() throws IOException, InterruptedException {
        for (int host = 1; host <= hosts; host++) {
            hear(host);
        }
    }

    @Override
    public void close() {
        for (int host = 0; host <= hosts; host++) {
            try {
                run(List.of("ip", "netns", "del", space(host)));
            } catch (IOException gone) {
                // it was not made
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void build() throws IOException, InterruptedException {
        run(List.of("ip", "netns", "add", space(0)));
        for (int number = 0; number < hosts; number++) {
            inSwitchSpace("link", "add", bridge(number), "type", "bridge", "mcast_snooping", "0");
            inSwitchSpace("link", "set", bridge(number), "up");
        }
        for (int host = 1; host <= hosts; host++) {
            run(List.of("ip", "netns", "add", space(host)));
            inSpace(host, "link", "set", "lo", "up");
            plugIn(host);
        }
        heal();
        if (hasSecond) {
            buildSecond();
        }
    }

    private void buildSecond() throws IOException, InterruptedException {
        inSwitchSpace("link", "add", SECOND, "type", "bridge", "mcast_snooping", "0");
        inSwitchSpace("link", "set", SECOND, "up");
        for (int host = 1; host <= hosts; host++) {
            String port = SECOND + host;
            inSpace(host, "link", "add", "eth1", "type", "veth", "peer", "name", port, "netns", space(0));
            inSpace(host, "addr", "add", secondAddress(host) + "/24", "brd", "+", "dev", "eth1");
            inSpace(host, "link", "set", "eth1", "up");
            inSwitchSpace("link", "set", port, "up");
            inSwitchSpace("link", "set", port, "master", SECOND);
        }
    }

    private void plugIn(int host) throws IOException, InterruptedException {
        inSpace(host, "link", "add", "eth0", "type", "veth", "peer", "name", port(host), "netns", space(0));
        inSpace(host, "addr", "add", address(host) + "/24", "brd", "+", "dev", "eth0");
        inSpace(host, "link", "set", "eth0", "up");
        inSpace(host, "route", "add", "224.0.0.0/4", "dev", "eth0");
        inSwitchSpace("link", "set", port(host), "up");
    }

    private String space(int host) {
        return name + "h" + host;
    }

    private static String port(int host) {
        return "port" + host;
    }

    private static String bridge(int number) {
        return "switch" + number;
    }

    private void inSwitchSpace(String... words) throws IOException, InterruptedException {
        inSpace(0, words);
    }

    private void inSpace(int host, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip", "-n", space(host)));
        command.addAll(List.of(words));
        run(command);
    }

    private void tc(int host, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(inside(host));
        command.add("tc");
        command.addAll(List.of(words));
        run(command);
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said.strip());
        }
        return said;
    }
}

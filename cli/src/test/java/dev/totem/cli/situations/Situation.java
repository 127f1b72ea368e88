/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.situations;

import dev.totem.core.NodeHealth.Code;

/**
 * What goes wrong, and what is said of it: the source of the table in {@code docs/SITUATIONS.md}. Each is made to happen by
 * {@link Scenes}. The order is that of the table.
 */
enum Situation {
    CABLE_CUT(
            "The network is cut, and node 3 is in the part that has no majority",
            Says.health(Code.NOT_PRIMARY)
                    .meanwhile(Code.NO_RING)
                    .log(
                            "node 3 ring …: members [3], joined [], left [1, 2], cause …node 1 not heard at node 3 for … ms")
                    .explain("because: …node 1 not heard at node 3 for … ms")
                    .causes("token-lost", "member-silent")),
    CABLE_WHOLE(
            "It is whole again: node 3 is heard, which is in a ring of its own",
            Says.ready()
                    .log(
                            "node 1 ring …: members [1, 2, 3], joined [3], left [], cause … of another ring heard at node …")
                    .explain("because: … of another ring heard at node …")
                    .causes("foreign-ring")),
    ONE_WAY(
            "Datagrams go one way only: node 3 hears node 1 and is not heard",
            Says.health(Code.NOT_HEARD)
                    .meanwhile(Code.NO_RING)
                    .log("node 3 ring …: members [3], joined [], left [1], cause …node 3 not heard at node 1 for … ms")
                    .explain("because: …node 3 not heard at node 1 for … ms")
                    .causes("member-silent")),
    KILLED(
            "The process of node 3 is killed",
            Says.ready()
                    .meanwhile(Code.NO_RING)
                    .log(
                            "node 1 ring …: members [1], joined [], left [3], cause …node 3 not heard at node 1 for … ms…"
                                    + "token lost at node 1")
                    .explain("because: …node 3 not heard at node 1 for … ms")
                    .causes("token-lost", "member-silent")),
    STOPPED_PROCESS(
            "The process of node 3 is stopped for a while, as seen by node 1 when it is back",
            Says.ready()
                    .meanwhile(Code.NO_RING)
                    .log("node 1 ring …: members [1, 3], joined [3], left [], cause …node 3 stood still for … ms")
                    .explain("because: …node 3 stood still for … ms")
                    .causes("token-lost", "member-silent", "paused")),
    PAUSED(
            "Nothing runs at node 3 for longer than `token`, as seen by itself",
            Says.ready()
                    .meanwhile(Code.STANDS_STILL)
                    .log(
                            "node 3: nothing ran here for … ms…: a collector, a stopped process or a machine that stood still")
                    .explain("because: …node 3 stood still for … ms")
                    .causes("paused")),
    LEFT(
            "Node 3 leaves in order",
            Says.ready()
                    .log("node 1 ring …: members [1, 2], joined [], left [3], cause node 3 left")
                    .explain("because: …node 3 left")
                    .causes("member-left")),
    NEW_LIFE(
            "Node 3 starts again before it was missed",
            Says.ready()
                    .log("node 1 ring …: members [1, 2, 3], …cause …node 3 started again")
                    .explain("because: …node 3 started again")
                    .causes("new-life")),
    RECEIVE_OVERRUN(
            "Node 3 gets the token and nothing that is longer, as when its receive buffer overflows",
            Says.ready()
                    .log("left [3], cause …node 3 failed to receive, says node …")
                    .explain("because: …node 3 failed to receive, says node …")
                    .causes("failed-to-receive")),
    OTHER_KEY(
            "Node 3 has another key file",
            Says.health(Code.KEPT_OUT, Code.KEY_DIFFERS)
                    .log("node 1: … frames not authentic: is the key the same on all nodes?")
                    .doctor("ok key: fingerprint …, to be the same at all nodes")
                    .explain("key-differs: …; seen … ms ago")
                    .counts("refused-not-authentic")),
    OTHER_KEY_AND_QUORUM(
            "Node 3 has another key file, and there is a quorum",
            Says.health(Code.KEPT_OUT, Code.NOT_PRIMARY, Code.KEY_DIFFERS)
                    .log("node 1: … frames not authentic: is the key the same on all nodes?")
                    .doctor("ok key: fingerprint …, to be the same at all nodes")
                    .explain("kept-out: in no ring with others since the start, and what is heard does not open: …")
                    .counts("refused-not-authentic")),
    OTHER_SUITE(
            "Node 3 seals with another suite",
            Says.health(Code.KEPT_OUT, Code.SUITE_DIFFERS)
                    .log(
                            "node 1: … frames refused, the last sealed with suite chacha20-poly1305…, ours is aes-256-gcm: name"
                                    + " one suite on all nodes")
                    .explain("suite-differs: …; seen … ms ago")
                    .counts("refused-other-suite")),
    SETTINGS_DIFFER(
            "Node 3 has another `max-message-size`",
            Says.health(Code.SETTINGS_DIFFER)
                    .log(
                            "node 1: setting max-message-size is … here and 2097152 at node 3: a ring of both refuses what is"
                                    + " above the lower one")
                    .explain("because: …setting max-message-size is … at node 1 and 2097152 at node 3")
                    .causes("settings-differ")
                    .counts("settings-differing")),
    QUORUM_DIFFERS(
            "Node 3 has another `quorum`",
            Says.health(Code.NOT_PRIMARY, Code.QUORUM_DIFFERS)
                    .log(
                            "node 1: the quorum is majority:3 here and another one at nodes [3]: no ring of both decides; give"
                                    + " all nodes the same")
                    .explain("quorum-differs: nodes [3] have another quorum")
                    .counts("quorum-differing")),
    TOO_FEW(
            "One of three nodes has been started",
            Says.health(Code.NOT_PRIMARY)
                    .log("node 1 ring …: members [1], joined …")
                    .explain("not-primary: …")),
    NOT_HEARD_BACK(
            "Datagrams of node 3 arrive, and those back to it do not",
            Says.health(Code.NOT_PROVEN_HERE)
                    .log("node 1: Frames come of lives that have not proven to be live. the last as of …")
                    .explain("not-proven-here: …; seen … ms ago")
                    .counts("refused-unproven")),
    KEY_LACKING(
            "Node 3 seals with a newer key, which is not in the key file here",
            Says.health(Code.KEPT_OUT, Code.KEY_LACKING)
                    .log(
                            "node 1: frames are sealed with key 2, which this node's key file does not have or the ring has"
                                    + " replaced; this node seals with key 1")
                    .explain("key-lacking: …; seen … ms ago")
                    .counts("refused-other-key")),
    TWIN(
            "A second process with the id of node 1 starts",
            Says.health(Code.ID_TAKEN)
                    .log("node 1: another live process uses this node id; the one that started later will stop")
                    .doctor("bad id: a node with the id 1 speaks in …")
                    .explain("id-taken: …; seen … ms ago")
                    .causes("twin")),
    TWIN_AMONG_PEERS(
            "A second process with the id of node 1 starts, and peers are listed, as seen by node 3",
            Says.health(Code.ID_TAKEN)
                    .log("node 3: peer 1 is not where the list says: frames that say so come from 127.0.0.1:…")
                    .doctor("warn peers: no answer from 3@127.0.0.1:… to node 1 at 127.0.0.1:…")
                    .explain("id-taken: node 1 is a member, and another process with its id speaks from 127.0.0.1:…")
                    .counts("link-reads-unlisted")),
    PEER_UNLISTED(
            "Node 3 lists node 1, and is not on the list of node 1",
            Says.health(Code.PEER_UNLISTED)
                    .log("node 1: a node is not on the list of peers: node 3: frames that say so come from 127.0.0.1:…")
                    .explain("peer-unlisted: node 3 speaks from 127.0.0.1:…, where no peer is listed; seen … ms ago")
                    .counts("link-reads-unlisted")),
    OTHER_CLUSTER(
            "Another cluster uses the same group and port",
            Says.health(Code.CLUSTER_DIFFERS)
                    .log("node 1: Frames of another cluster come here. the last with the tag …, ours is totem with …")
                    .doctor("warn id: another cluster than totem is heard in …[node 2]…")
                    .explain("cluster-differs: …; seen … ms ago")
                    .counts("refused-other-cluster")),
    HELD_BACK(
            "A subscriber takes nothing of what comes",
            Says.health(Code.HELD_BACK)
                    .log("node 1: subscribers cannot follow, the ring is held back")
                    .explain("held-back: subscribers cannot follow")
                    .counts("held-back")),
    NETWORK_FAULTY(
            "The second of two networks does not carry what node 3 sends",
            Says.health(Code.NETWORK_FAULTY)
                    .log("network 2 is faulty: node 3 is heard on another and not there")
                    .explain("network-faulty: 1 left out")
                    .counts("link-networks-faulty")),
    PEER_WITHOUT_ADDRESS(
            "The name of a listed peer does not resolve",
            Says.ready()
                    .log("peer 2@nowhere.invalid:5405 is left out until its name resolves")
                    .doctor("bad peers: the name nowhere.invalid does not resolve")
                    .explain("Now, …: node 1 is ready.")),
    SMALL_BUFFERS(
            "The receive buffer holds less than a window",
            Says.ready()
                    .log("socket buffers are too small: …net.core.rmem_max=…")
                    .doctor("warn buffers: the receive buffer holds … bytes, a window needs …; do: sysctl -w"
                            + " net.core.rmem_max=…")
                    .explain("Now, …: node 1 is ready.")),
    PORT_TAKEN(
            "The port of `--bind` is taken",
            Says.noNode()
                    .log("totem node: bind=…: the port is taken: choose another, or end the process that holds it")
                    .doctor("bad port: udp … cannot be bound: …ss -ulpn")),
    NO_ADDRESS(
            "No interface has the address of `--bind`",
            Says.noNode()
                    .log("totem node: bind=192.0.2.77:5405: no interface of this host has this address")
                    .doctor("bad address: …192.0.2.77…no interface of this host")),
    ID_IN_USE(
            "A node of the group has the id that is given",
            Says.noNode()
                    .log("node id 1 is used by another live process that started earlier; give this node another id")
                    .doctor("bad id: a node with the id 1 speaks in …")),
    HTTP_TAKEN(
            "The port of `--http` is taken",
            Says.noNode()
                    .log("totem node: http=127.0.0.1:…: it cannot listen there, …Address already in use…")
                    .doctor("bad http: http=127.0.0.1:…: it cannot listen there, …ss -tlpn")),
    NO_GROUP(
            "The host cannot join the multicast group",
            Says.noNode()
                    .log("totem node: mcast=239.192.7.9:…: the interface lo cannot join the group: …")
                    .doctor("bad multicast: group 239.192.7.9 cannot be used on lo: …")),
    LONG_FRAMES(
            "`netmtu` is above what the interface carries",
            Says.noNode()
                    .log("totem node: netmtu=9000: the interface lo carries packets of at most 1500 bytes")
                    .doctor("bad datagram: netmtu=9000: the interface lo carries packets of at most 1500…")),
    NO_KEY(
            "No key is given",
            Says.noNode()
                    .log("totem node: suite=aes-256-gcm: needs --key FILE, made by totem keygen FILE; …")
                    .doctor("bad key: suite=aes-256-gcm: needs --key FILE, made by totem keygen FILE; …")),
    NO_KEY_FILE(
            "The key file is not there", Says.noNode().log("totem node: key=…").doctor("bad key: key=…")),
    OPEN_KEY_FILE(
            "Everybody may read the key file",
            Says.noNode().log("others than its owner may use it").doctor("bad key: …others than its owner may use it")),
    NO_STATE(
            "The state directory cannot be written",
            Says.noNode()
                    .log("totem node: state-dir=…: cannot be used, a file is in its place: name a directory")
                    .doctor("bad state: … cannot be written, because of …")),
    TOO_MUCH_MEMORY(
            "`memory` is more than half of the heap",
            Says.noNode()
                    .log("totem node: memory=67108864: does not fit into this JVM: it is more than half of the heap, …")
                    .doctor("bad memory: memory is … bytes, the heap of this JVM …")),
    WRONG_SETTING(
            "A setting is out of its range", Says.noNode().log("token=5ms: …").doctor("totem doctor: token=5ms: …"));

    final String what;

    @SuppressWarnings("ImmutableEnumChecker") // nobody changes its lists
    final Says says;

    Situation(String what, Says says) {
        this.what = what;
        this.says = says;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * totem load for corosync: one member of a closed process group under load, one JSON line at the end.
 *
 * It starts the corosync of its node as a child, in a mount namespace with a run directory and shared memory of its own;
 * both end together. The CPU time it reports is that of both. One thread: as many sends as corosync takes, then
 * whatever it has delivered.
 */
#define _GNU_SOURCE
#include <corosync/cpg.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MULTIPLIER 0x9E3779B97F4A7C15ULL
#define MOMENTS (1 << 20)
#define ID_SHIFT 48
#define BURST 64
#define NANOS 1000000000ULL
#define FORMS_MAX_S 60
#define SETTLES_MS 500
#define REST_MS 1000
#define RESTS_MAX 30

/* Latency in buckets of a 128th of their power of two. */
#define SUB_BITS 7
#define SUBS (1 << SUB_BITS)
#define BUCKETS (64 * SUBS)

static uint32_t id, members;
static size_t size, formed;
static uint64_t hash = 1, total, bytes, next_counter;
static uint64_t made_at[MOMENTS], latency[BUCKETS], latencies;
static int measuring;
static pid_t daemon_pid = -1;

static void fail(const char *what, const char *why) {
    fprintf(stderr, "cpgload: %s: %s\n", what, why);
    exit(1);
}

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t) time.tv_sec * NANOS + (uint64_t) time.tv_nsec;
}

static uint64_t rotated(uint64_t value, int bits) {
    return value << bits | value >> (64 - bits);
}

/* As dev.totem.benchmarks.load.OrderHash. */
static void add_to_order(uint64_t sender, uint64_t counter) {
    uint64_t event = (counter + 1) * MULTIPLIER ^ rotated(sender * MULTIPLIER, 32);
    hash = (hash ^ event ^ event >> 29) * MULTIPLIER;
    hash ^= hash >> 32;
    total++;
}

static unsigned bucket_of(uint64_t nanos) {
    int shift = nanos < SUBS ? 0 : 63 - __builtin_clzll(nanos) - SUB_BITS;
    return nanos < SUBS ? (unsigned) nanos : (unsigned) ((shift + 1) * SUBS + (int) (nanos >> shift) - SUBS);
}

static double micros_at(double share) {
    uint64_t rank = (uint64_t) (share * (double) latencies), seen = 0;
    for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
        seen += latency[bucket];
        if (seen > rank) {
            int shift = (int) (bucket / SUBS) - 1;
            return shift < 0 ? bucket / 1e3 : (double) ((uint64_t) (bucket % SUBS + SUBS) << shift) / 1e3;
        }
    }
    return 0;
}

static void delivered(cpg_handle_t handle, const struct cpg_name *group, uint32_t node, uint32_t pid, void *message,
                      size_t length) {
    (void) handle, (void) group, (void) node, (void) pid;
    uint64_t first;
    memcpy(&first, message, sizeof first);
    first = __builtin_bswap64(first);
    uint64_t sender = first >> ID_SHIFT, counter = first & ((1ULL << ID_SHIFT) - 1);
    add_to_order(sender, counter);
    bytes += length;
    if (measuring && sender == id) {
        latency[bucket_of(now() - made_at[counter & (MOMENTS - 1)])]++;
        latencies++;
    }
}

static void changed(cpg_handle_t handle, const struct cpg_name *group, const struct cpg_address *list, size_t entries,
                    const struct cpg_address *left, size_t left_entries, const struct cpg_address *joined,
                    size_t joined_entries) {
    (void) handle, (void) group, (void) list, (void) left, (void) left_entries, (void) joined, (void) joined_entries;
    if (formed && entries < members && measuring) {
        fail("the group changed during the run", "a member was lost");
    }
    formed = formed || entries == members;
}

static double cpu_seconds(void) {
    struct timespec own;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
    clockid_t clock;
    struct timespec daemons = {0, 0};
    if (clock_getcpuclockid(daemon_pid, &clock) == 0) {
        clock_gettime(clock, &daemons);
    }
    return (double) (own.tv_sec + daemons.tv_sec) + (double) (own.tv_nsec + daemons.tv_nsec) / 1e9;
}

/* The namespace of the network is that of the caller; the one of mounts must not be shared with anybody. */
static void start_daemon(const char *run_dir, const char *configuration, const char *log) {
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
            || mount(run_dir, "/run", NULL, MS_BIND, NULL) != 0
            || mount("none", "/var/lib/corosync", "tmpfs", 0, NULL) != 0
            || mount("none", "/dev/shm", "tmpfs", 0, "size=512m") != 0) {
        fail("a mount namespace of its own", strerror(errno));
    }
    pid_t parent = getpid();
    daemon_pid = fork();
    if (daemon_pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent || freopen(log, "w", stdout) == NULL || dup2(STDOUT_FILENO, STDERR_FILENO) < 0) {
            _exit(1);
        }
        execlp("corosync", "corosync", "-f", "-c", configuration, (char *) NULL);
        _exit(127);
    }
}

static cpg_handle_t connected(void) {
    cpg_callbacks_t callbacks = {.cpg_deliver_fn = delivered, .cpg_confchg_fn = changed};
    cpg_handle_t handle;
    uint64_t until = now() + FORMS_MAX_S * NANOS;
    while (cpg_initialize(&handle, &callbacks) != CS_OK) {
        int status;
        if (waitpid(daemon_pid, &status, WNOHANG) == daemon_pid) {
            fail("corosync ended", "see its log");
        }
        if (now() > until) {
            fail("no connection to corosync", "see its log");
        }
        usleep(100000);
    }
    struct cpg_name group = {.length = 4, .value = "load"};
    cs_error_t joined;
    while ((joined = cpg_join(handle, &group)) == CS_ERR_TRY_AGAIN) {
        usleep(10000);
    }
    if (joined != CS_OK) {
        fail("cpg_join", "refused");
    }
    return handle;
}

static void dispatch(cpg_handle_t handle, int fd, int millis) {
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    if (poll(&readable, 1, millis) > 0 && cpg_dispatch(handle, CS_DISPATCH_ALL) != CS_OK) {
        fail("cpg_dispatch", "corosync has gone");
    }
}

static void dispatch_for(cpg_handle_t handle, int fd, int millis) {
    for (uint64_t until = now() + (uint64_t) millis * 1000000; now() < until;) {
        dispatch(handle, fd, 10);
    }
}

/* Sends what is due until it is all sent or corosync takes no more; whether it took all. */
static int send_due(cpg_handle_t handle, char *message, uint64_t due) {
    struct iovec vector = {.iov_base = message, .iov_len = size};
    for (int sent = 0; sent < BURST && next_counter < due; sent++) {
        uint64_t first = __builtin_bswap64((uint64_t) id << ID_SHIFT | next_counter);
        memcpy(message, &first, sizeof first);
        made_at[next_counter & (MOMENTS - 1)] = now();
        cs_error_t result = cpg_mcast_joined(handle, CPG_TYPE_AGREED, &vector, 1);
        if (result == CS_ERR_TRY_AGAIN) {
            return 0;
        }
        if (result != CS_OK) {
            fail("cpg_mcast_joined", "refused");
        }
        next_counter++;
    }
    return 1;
}

static void load_until(cpg_handle_t handle, int fd, char *message, uint64_t start, uint64_t until, double rate) {
    for (uint64_t time; (time = now()) < until;) {
        uint64_t due = rate > 0 ? (uint64_t) ((double) (time - start) / 1e9 * rate) : UINT64_MAX;
        int all = send_due(handle, message, due);
        dispatch(handle, fd, all && rate == 0 ? 0 : 1);
    }
}

static const char *option(int count, char **words, const char *name) {
    for (int i = 1; i + 1 < count; i++) {
        if (strcmp(words[i], name) == 0) {
            return words[i + 1];
        }
    }
    fail(name, "missing");
    return NULL;
}

int main(int count, char **words) {
    id = (uint32_t) atoi(option(count, words, "--id"));
    members = (uint32_t) atoi(option(count, words, "--members"));
    size = (size_t) atol(option(count, words, "--size"));
    double warmup = atof(option(count, words, "--warmup")), seconds = atof(option(count, words, "--seconds"));
    double rate = atof(option(count, words, "--rate"));
    start_daemon(option(count, words, "--run-dir"), option(count, words, "--config"), option(count, words, "--log"));
    cpg_handle_t handle = connected();
    int fd;
    cpg_fd_get(handle, &fd);
    for (uint64_t until = now() + FORMS_MAX_S * NANOS; !formed;) {
        dispatch(handle, fd, 100);
        if (now() > until) {
            fail("the group", "it did not get all its members");
        }
    }
    dispatch_for(handle, fd, SETTLES_MS);

    char *message = calloc(1, size);
    uint64_t start = now(), window = start + (uint64_t) (warmup * 1e9), end = window + (uint64_t) (seconds * 1e9);
    load_until(handle, fd, message, start, window, rate);
    measuring = 1;
    uint64_t total_before = total, bytes_before = bytes, began = now();
    double cpu_before = cpu_seconds();
    load_until(handle, fd, message, start, end, rate);
    double took = (double) (now() - began) / 1e9, cpu = cpu_seconds() - cpu_before;
    double messages = (double) (total - total_before), payload = (double) (bytes - bytes_before);
    measuring = 0;
    uint64_t seen;
    int rests = 0;
    do {
        seen = total;
        dispatch_for(handle, fd, REST_MS);
        rests++;
    } while (rests < RESTS_MAX && (rests < 2 || total != seen));

    printf("{\"node\":%u,\"members\":%u,\"size\":%zu,\"msgs_s\":%.1f,\"MB_s\":%.3f,\"cpu_s\":%.3f,", id, members, size,
           messages / took, payload / took / 1e6, cpu);
    if (latencies > 0) {
        printf("\"p50_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f,", micros_at(0.5), micros_at(0.99), micros_at(0.999));
    } else {
        printf("\"p50_us\":null,\"p99_us\":null,\"p999_us\":null,");
    }
    printf("\"total\":%llu,\"order\":\"%016llx\"}\n", (unsigned long long) total, (unsigned long long) hash);
    fflush(stdout);
    dispatch_for(handle, fd, REST_MS); /* the others may still drain */
    kill(daemon_pid, SIGKILL);
    waitpid(daemon_pid, NULL, 0);
    return 0;
}

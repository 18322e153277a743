#define _GNU_SOURCE
#include "CNetworking.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int muster_advertiser_open(const char *interface) {
    unsigned index = if_nametoindex(interface);
    if (!index) return -errno;
    int descriptor = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMPV6);
    if (descriptor < 0) return -errno;
    int hops = 255;
    struct icmp6_filter filter;
    ICMP6_FILTER_SETBLOCKALL(&filter);
    ICMP6_FILTER_SETPASS(ND_ROUTER_SOLICIT, &filter);
    // ff02::2, where those ask who look for a router.
    struct ipv6_mreq group = {.ipv6mr_multiaddr.s6_addr = {0xff, 2, [15] = 2}, .ipv6mr_interface = index};
    if (setsockopt(descriptor, SOL_SOCKET, SO_BINDTODEVICE, interface, strlen(interface) + 1) < 0
        || setsockopt(descriptor, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof filter) < 0
        || setsockopt(descriptor, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof hops) < 0
        || setsockopt(descriptor, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &group, sizeof group) < 0) {
        int number = errno;
        close(descriptor);
        return -number;
    }
    return descriptor;
}

int muster_advertiser_wait(int descriptor, int wake, int milliseconds) {
    struct pollfd both[2] = {{.fd = descriptor, .events = POLLIN}, {.fd = wake, .events = POLLIN}};
    int ready = poll(both, 2, milliseconds);
    if (ready < 0) return errno == EINTR ? 1 : -errno;
    if (both[1].revents) return 0;
    char packet[1500];
    while (recv(descriptor, packet, sizeof packet, MSG_DONTWAIT) >= 0) {}
    return 1;
}

int muster_advertiser_send(int descriptor, const char *interface, const uint8_t hardware[6]) {
    struct {
        struct nd_router_advert advertisement;
        struct nd_opt_hdr option;
        uint8_t address[6];
    } __attribute__((packed)) packet;
    memset(&packet, 0, sizeof packet);
    packet.advertisement.nd_ra_type = ND_ROUTER_ADVERT;
    packet.advertisement.nd_ra_curhoplimit = 64;
    // A lifetime of 0: whoever hears it has been answered, and takes this host for no router (RFC 4861 section 6.2.3).
    packet.option.nd_opt_type = ND_OPT_SOURCE_LINKADDR;
    packet.option.nd_opt_len = 1;
    memcpy(packet.address, hardware, 6);
    struct sockaddr_in6 everybody = {.sin6_family = AF_INET6, .sin6_addr.s6_addr = {0xff, 2, [15] = 1},
                                     .sin6_scope_id = if_nametoindex(interface)};
    ssize_t sent = sendto(descriptor, &packet, sizeof packet, MSG_NOSIGNAL, (struct sockaddr *)&everybody, sizeof everybody);
    return sent < 0 ? -errno : 0;
}

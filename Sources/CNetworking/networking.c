#define _GNU_SOURCE
#include "CNetworking.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int muster_datagram_open(uint32_t address, uint16_t port) {
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return -errno;
    int on = 1, size = 1 << 20;
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = address};
    // A larger buffer is a wish: many machines ask at once when the power comes back.
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0
        || setsockopt(descriptor, SOL_SOCKET, SO_BROADCAST, &on, sizeof on) < 0
        || setsockopt(descriptor, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) < 0
        || bind(descriptor, (struct sockaddr *)&name, sizeof name) < 0) {
        int number = errno;
        close(descriptor);
        return -number;
    }
    return descriptor;
}

int muster_datagram_wait(int socket, int wake) {
    struct pollfd both[2] = {{.fd = socket, .events = POLLIN}, {.fd = wake, .events = POLLIN}};
    while (poll(both, 2, -1) < 0)
        if (errno != EINTR) return -errno;
    if (both[1].revents) return 0;
    return 1;
}

ssize_t muster_datagram_receive(int socket, void *buffer, size_t size, struct muster_datagram *origin) {
    struct sockaddr_in source;
    union {
        char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
        struct cmsghdr header;
    } control;
    struct iovec part = {.iov_base = buffer, .iov_len = size};
    struct msghdr message = {.msg_name = &source, .msg_namelen = sizeof source, .msg_iov = &part, .msg_iovlen = 1,
                             .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t length;
    do length = recvmsg(socket, &message, 0);
    while (length < 0 && errno == EINTR);
    if (length < 0) return -errno;
    memset(origin, 0, sizeof *origin);
    origin->source = source.sin_addr.s_addr;
    origin->source_port = ntohs(source.sin_port);
    for (struct cmsghdr *each = CMSG_FIRSTHDR(&message); each; each = CMSG_NXTHDR(&message, each)) {
        if (each->cmsg_level != IPPROTO_IP || each->cmsg_type != IP_PKTINFO) continue;
        struct in_pktinfo info;
        memcpy(&info, CMSG_DATA(each), sizeof info);
        origin->destination = info.ipi_addr.s_addr;
        origin->interface = info.ipi_ifindex;
    }
    return length;
}

ssize_t muster_datagram_send(int socket, const void *buffer, size_t size, uint32_t to, uint16_t port, uint32_t from,
                             int interface) {
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = to};
    union {
        char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
        struct cmsghdr header;
    } control;
    memset(&control, 0, sizeof control);
    struct iovec part = {.iov_base = (void *)buffer, .iov_len = size};
    struct msghdr message = {.msg_name = &target, .msg_namelen = sizeof target, .msg_iov = &part, .msg_iovlen = 1};
    if (from || interface) {
        message.msg_control = &control;
        message.msg_controllen = sizeof control;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = IPPROTO_IP;
        header->cmsg_type = IP_PKTINFO;
        header->cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo));
        struct in_pktinfo info = {.ipi_ifindex = interface, .ipi_spec_dst.s_addr = from};
        memcpy(CMSG_DATA(header), &info, sizeof info);
    }
    ssize_t length;
    do length = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (length < 0 && errno == EINTR);
    return length < 0 ? -errno : length;
}

int muster_neighbour_set(int socket, const char *interface, uint32_t address, const uint8_t *hardware, size_t length,
                         uint16_t type) {
    struct arpreq request;
    memset(&request, 0, sizeof request);
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = address};
    memcpy(&request.arp_pa, &name, sizeof name);
    request.arp_ha.sa_family = type;
    if (length > sizeof request.arp_ha.sa_data) return -EINVAL;
    memcpy(request.arp_ha.sa_data, hardware, length);
    request.arp_flags = ATF_COM;
    strncpy(request.arp_dev, interface, sizeof request.arp_dev - 1);
    return ioctl(socket, SIOCSARP, &request) < 0 ? -errno : 0;
}

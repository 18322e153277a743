#define _GNU_SOURCE
#include "CNetworking.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static uint16_t checksum(const uint8_t *bytes, size_t size) {
    uint32_t sum = 0;
    for (size_t index = 0; index + 1 < size; index += 2) sum += bytes[index] << 8 | bytes[index + 1];
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return htons((uint16_t)~sum);
}

static int64_t milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int muster_ping(uint32_t address, int patience) {
    int descriptor = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
    if (descriptor < 0) return -errno;
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_addr.s_addr = address};
    struct icmphdr echo = {.type = ICMP_ECHO, .un.echo = {.id = htons((uint16_t)descriptor), .sequence = htons(1)}};
    echo.checksum = checksum((const uint8_t *)&echo, sizeof echo);
    int result = 0;
    if (sendto(descriptor, &echo, sizeof echo, MSG_NOSIGNAL, (struct sockaddr *)&target, sizeof target) < 0) {
        // Nobody is where no way leads.
        result = errno == EHOSTUNREACH || errno == ENETUNREACH ? 0 : -errno;
        close(descriptor);
        return result;
    }
    int64_t end = milliseconds() + patience;
    for (;;) {
        int64_t rest = end - milliseconds();
        struct pollfd each = {.fd = descriptor, .events = POLLIN};
        // What has come while this thread had to wait counts, however late it is.
        int ready = poll(&each, 1, rest > 0 ? (int)rest : 0);
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) break;
        uint8_t packet[256];
        struct sockaddr_in source;
        socklen_t length = sizeof source;
        ssize_t size = recvfrom(descriptor, packet, sizeof packet, MSG_DONTWAIT, (struct sockaddr *)&source, &length);
        if (size < (ssize_t)sizeof(struct iphdr) || source.sin_addr.s_addr != address) continue;
        size_t header = (size_t)(packet[0] & 15) * 4;
        if ((size_t)size < header + sizeof(struct icmphdr) || packet[header] != ICMP_ECHOREPLY) continue;
        result = 1;
        break;
    }
    close(descriptor);
    return result;
}

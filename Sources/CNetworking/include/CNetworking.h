#ifndef CNETWORKING_H
#define CNETWORKING_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Where a datagram came from, and where it came in. Addresses are in network order.
struct muster_datagram {
    uint32_t source;
    uint16_t source_port;
    /// The address that it was sent to, which may be a broadcast address.
    uint32_t destination;
    /// The index of the interface that it came in at.
    int interface;
};

/// Opens a UDP socket for IPv4 that tells where each datagram came in, and may send broadcasts.
/// Returns the socket, or a negative error number.
int muster_datagram_open(uint32_t address, uint16_t port);

/// Waits until `socket` has something to read or `wake` has, or is closed at its other end.
/// Returns 1 if `socket` has, 0 if only `wake` has, or a negative error number.
int muster_datagram_wait(int socket, int wake);

/// Takes the next datagram without waiting. Returns its length, or a negative error number, -EAGAIN if there is none.
ssize_t muster_datagram_receive(int socket, void *buffer, size_t size, struct muster_datagram *origin);

/// Sends a datagram out of an interface, from one of its addresses; 0 for either leaves the choice to the system.
/// Returns the length, or a negative error number.
ssize_t muster_datagram_send(int socket, const void *buffer, size_t size, uint32_t to, uint16_t port, uint32_t from,
                             int interface);

/// Tells the system which hardware address an address has that its owner cannot answer for yet (ioctl SIOCSARP).
/// Returns 0, or a negative error number.
int muster_neighbour_set(int socket, const char *interface, uint32_t address, const uint8_t *hardware, size_t length,
                         uint16_t type);

/// Asks by an ICMP echo whether somebody has an address, and waits for an answer for so many milliseconds.
/// Returns 1 if somebody has, 0 if nobody answered, or a negative error number.
int muster_ping(uint32_t address, int patience);

/// Opens a socket that hears who looks for an IPv6 router at an interface. Returns the socket, or a negative error number.
int muster_advertiser_open(const char *interface);

/// Waits until somebody looks for a router or the time is up, and takes what was asked, or until `wake` has something to read.
/// Returns 1, or 0 for `wake`, or a negative error number.
int muster_advertiser_wait(int descriptor, int wake, int milliseconds);

/// Tells everybody at an interface that no router is here (RFC 4861, with lifetime 0). Returns 0, or a negative error number.
int muster_advertiser_send(int descriptor, const char *interface, const uint8_t hardware[6]);

#endif

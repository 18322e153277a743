#ifndef CARCHIVE_H
#define CARCHIVE_H

#include <stddef.h>
#include <stdint.h>

/// What an archive may come to.
struct muster_archive_limits {
    /// The bytes of all files.
    uint64_t bytes;
    /// How many files, directories and links.
    uint64_t entries;
    /// How many times the bytes of the archive its files may have.
    uint64_t ratio;
};

/// Unpacks an archive of any kind that libarchive reads (tar, zip, ISO 9660 and others) into a directory, which exists.
///
/// Nothing gets out of the directory: absolute paths and paths that lead up end the unpacking, and so does whatever goes beyond the
/// limits. Files belong to the caller and may be read by all; devices and symbolic links that lead out are left out.
///
/// Returns 0, or -1 with a reason in `message`.
int muster_archive_unpack(const char *archive, const char *directory, const struct muster_archive_limits *limits,
                          char *message, size_t size);

#endif

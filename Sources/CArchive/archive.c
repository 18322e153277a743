#define _GNU_SOURCE
#include "CArchive.h"

#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// libarchive is loaded when an archive is unpacked: with all the libraries that it needs itself, it would have every other command
// start later.
#define FUNCTIONS(each)                                                                                                \
    each(archive_read_new) each(archive_read_support_filter_all) each(archive_read_support_format_tar)                 \
        each(archive_read_support_format_zip) each(archive_read_support_format_iso9660)                                \
            each(archive_read_support_format_cpio) each(archive_read_open_filename) each(archive_read_next_header)     \
                each(archive_read_data_block) each(archive_read_free) each(archive_write_disk_new)                     \
                    each(archive_write_disk_set_options) each(archive_write_header) each(archive_write_data_block)     \
                        each(archive_write_finish_entry) each(archive_write_free) each(archive_error_string)           \
                            each(archive_entry_pathname) each(archive_entry_set_pathname) each(archive_entry_filetype) \
                                each(archive_entry_symlink) each(archive_entry_hardlink)                               \
                                    each(archive_entry_set_perm)

#define DECLARE(name) static __typeof__(&name) call_##name;
FUNCTIONS(DECLARE)

#define LOAD(name)                                                                                                     \
    call_##name = (__typeof__(&name))dlsym(library, #name);                                                            \
    if (!call_##name) return #name;

/// Returns null, or the name of what is missing.
static const char *load(void) {
    void *library = dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL);
    if (!library) return "libarchive.so.13";
    FUNCTIONS(LOAD)
    return NULL;
}

/// Whether a path stays in the directory that it begins in.
static int stays_inside(const char *path) {
    if (!path || !*path || *path == '/') return 0;
    for (const char *part = path; part;) {
        const char *end = strchr(part, '/');
        size_t length = end ? (size_t)(end - part) : strlen(part);
        if (length == 2 && part[0] == '.' && part[1] == '.') return 0;
        part = end ? end + 1 : NULL;
    }
    return 1;
}

/// Whether a link at `path` to `target` stays inside: it may go up no further than the directory's top.
static int link_stays_inside(const char *path, const char *target) {
    if (!target || !*target || *target == '/') return 0;
    long depth = 0;
    for (const char *each = path; *each; each++)
        if (*each == '/' && each[1] && each[1] != '/') depth++;
    for (const char *part = target; part;) {
        const char *end = strchr(part, '/');
        size_t length = end ? (size_t)(end - part) : strlen(part);
        if (length == 2 && part[0] == '.' && part[1] == '.') depth--;
        else if (length > 0 && !(length == 1 && part[0] == '.')) depth++;
        if (depth < 0) return 0;
        part = end ? end + 1 : NULL;
    }
    return 1;
}

struct unpacking {
    struct archive *reader, *writer;
    const struct muster_archive_limits *limits;
    uint64_t archive_bytes, bytes, entries;
    char *message;
    size_t size;
};

static int fail(struct unpacking *work, const char *what, const char *name) {
    snprintf(work->message, work->size, "%s%s%s", what, name ? ": " : "", name ? name : "");
    return -1;
}

static int copy_data(struct unpacking *work, const char *name) {
    const void *block;
    size_t length;
    int64_t offset;
    for (;;) {
        int result = call_archive_read_data_block(work->reader, &block, &length, &offset);
        if (result == ARCHIVE_EOF) return 0;
        if (result < ARCHIVE_WARN) return fail(work, call_archive_error_string(work->reader), name);
        // A hole counts as what it shows.
        if (offset < 0 || (uint64_t)offset > work->limits->bytes) return fail(work, "it is larger than is allowed", name);
        work->bytes += length;
        if (work->bytes > work->limits->bytes) return fail(work, "the files have more bytes than are allowed", NULL);
        if (work->bytes / work->limits->ratio > work->archive_bytes)
            return fail(work, "the files have so many times the archive's bytes that it must be a trap", NULL);
        if (call_archive_write_data_block(work->writer, block, length, offset) < ARCHIVE_WARN)
            return fail(work, call_archive_error_string(work->writer), name);
    }
}

static int unpack_entry(struct unpacking *work, struct archive_entry *entry) {
    const char *name = call_archive_entry_pathname(entry);
    while (name && name[0] == '.' && name[1] == '/') name += 2;
    // The directory itself.
    if (name && (!*name || !strcmp(name, "."))) return 0;
    if (++work->entries > work->limits->entries) return fail(work, "it has more files than are allowed", NULL);
    if (!stays_inside(name)) return fail(work, "a path leads out of the archive", name ? name : "(none)");
    const char *hard = call_archive_entry_hardlink(entry);
    mode_t type = call_archive_entry_filetype(entry);
    if (hard && !stays_inside(hard)) return fail(work, "a link leads out of the archive", name);
    if (!hard && type == S_IFLNK && !link_stays_inside(name, call_archive_entry_symlink(entry))) return 0;
    if (!hard && type != S_IFREG && type != S_IFDIR && type != S_IFLNK) return 0;
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s", name) >= sizeof path) return fail(work, "a path is too long", NULL);
    call_archive_entry_set_pathname(entry, path);
    call_archive_entry_set_perm(entry, type == S_IFDIR ? 0755 : 0644);
    if (call_archive_write_header(work->writer, entry) < ARCHIVE_WARN)
        return fail(work, call_archive_error_string(work->writer), path);
    if (!hard && type == S_IFREG && copy_data(work, path) != 0) return -1;
    if (call_archive_write_finish_entry(work->writer) < ARCHIVE_WARN)
        return fail(work, call_archive_error_string(work->writer), path);
    return 0;
}

static int unpack_all(struct unpacking *work, const char *archive) {
    if (call_archive_read_open_filename(work->reader, archive, 1 << 18) != ARCHIVE_OK)
        return fail(work, call_archive_error_string(work->reader), NULL);
    for (;;) {
        struct archive_entry *entry;
        int result = call_archive_read_next_header(work->reader, &entry);
        if (result == ARCHIVE_EOF) return 0;
        if (result < ARCHIVE_WARN) return fail(work, call_archive_error_string(work->reader), NULL);
        if (unpack_entry(work, entry) != 0) return -1;
    }
}

int muster_archive_unpack(const char *archive, const char *directory, const struct muster_archive_limits *limits,
                          char *message, size_t size) {
    struct unpacking work = {.limits = limits, .message = message, .size = size};
    const char *missing = load();
    if (missing) return fail(&work, "libarchive is not here (apt-get install libarchive13)", missing);
    struct stat status;
    char path[4096];
    if (!realpath(archive, path) || stat(path, &status) != 0) return fail(&work, "it cannot be read", archive);
    work.archive_bytes = (uint64_t)status.st_size + 1;
    if (chdir(directory) != 0) return fail(&work, "there is no directory", directory);
    work.reader = call_archive_read_new();
    work.writer = call_archive_write_disk_new();
    call_archive_read_support_filter_all(work.reader);
    call_archive_read_support_format_tar(work.reader);
    call_archive_read_support_format_zip(work.reader);
    call_archive_read_support_format_iso9660(work.reader);
    call_archive_read_support_format_cpio(work.reader);
    call_archive_write_disk_set_options(
        work.writer, ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_SECURE_SYMLINKS | ARCHIVE_EXTRACT_SECURE_NODOTDOT
                         | ARCHIVE_EXTRACT_SECURE_NOABSOLUTEPATHS);
    int result = unpack_all(&work, path);
    call_archive_read_free(work.reader);
    call_archive_write_free(work.writer);
    return result;
}

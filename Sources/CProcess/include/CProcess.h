#ifndef MUSTER_CPROCESS_H
#define MUSTER_CPROCESS_H

#include <stdint.h>
#include <sys/types.h>

/// A program that is to be run, and what it may take. Limits of zero are none.
struct muster_program {
    const char *path;
    char *const *arguments;
    char *const *environment;
    const char *directory;
    /// Where its standard output and its standard error go.
    int output, errors;
    /// Bytes of its address space, descriptors, and bytes of the largest file that it may write.
    uint64_t memory, descriptors, file_size;
};

/// Starts a program in a process group of its own, with no descriptors but the three standard ones. It is killed when the thread that
/// calls this ends.
///
/// Returns its process id; or -1, and then `errno` says why.
pid_t muster_program_start(const struct muster_program *program);

/// A descriptor that can be read from once the process has ended; or -1, and then `errno` says why.
int muster_process_descriptor(pid_t process);

#endif

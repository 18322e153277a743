#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int limit(int resource, uint64_t most) {
    if (most == 0) return 0;
    struct rlimit value = {.rlim_cur = most, .rlim_max = most};
    return setrlimit(resource, &value);
}

/// What the new process does before it is the program. It shares the memory of the server until then, whose thread waits, so there
/// are system calls only. Returns only if the program cannot be run.
static int become(const struct muster_program *program) {
    // What the server ignores would be ignored by the program too. The kernel is asked, since the C library spares its own signals;
    // an action of zeros is the default.
    static const uint64_t defaults[8];
    for (int number = 1; number < NSIG; number++) syscall(SYS_rt_sigaction, number, defaults, NULL, (size_t)8);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int none = open("/dev/null", O_RDONLY);
    if (none < 0 || dup2(none, STDIN_FILENO) < 0) return errno;
    // Neither is one of the standard descriptors: the server has those itself.
    if (dup2(program->output, STDOUT_FILENO) < 0 || dup2(program->errors, STDERR_FILENO) < 0) return errno;
    if (syscall(SYS_close_range, 3u, UINT_MAX, 0u) != 0) return errno;
    if (chdir(program->directory) != 0) return errno;
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    if (limit(RLIMIT_AS, program->memory) || limit(RLIMIT_NOFILE, program->descriptors)) return errno;
    if (limit(RLIMIT_FSIZE, program->file_size)) return errno;
    sigset_t open_mask;
    sigemptyset(&open_mask);
    sigprocmask(SIG_SETMASK, &open_mask, NULL);
    execve(program->path, program->arguments, program->environment);
    return errno;
}

pid_t muster_program_start(const struct muster_program *program) {
    volatile int failure = 0;
    sigset_t all, before;
    sigfillset(&all);
    // A handler of the server's must not run in the new process.
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = vfork();
    if (child == 0) {
        failure = become(program);
        _exit(127);
    }
    int reason = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (child > 0 && failure != 0) {
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
        reason = failure;
        child = -1;
    }
    errno = reason;
    return child;
}

int muster_process_descriptor(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0u); }

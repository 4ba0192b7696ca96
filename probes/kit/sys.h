// System calls without a C library. Every function returns what the kernel returned: a value of 0
// or more, or a negative errno. The C library's headers lend their constants and structs; nothing
// of it is linked. Wrappers have the names and the argument order of their manual pages in
// section 2.

#pragma once

#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

namespace sys {

// The three ways into the kernel, in arch.cpp. The i386 and x32 ones are -ENOSYS on other machines.
long raw(long number, long a, long b, long c, long d, long e, long f);
long raw_i386(long number, long a, long b, long c, long d, long e);
long raw_x32(long number, long a, long b, long c, long d, long e, long f);

inline long as_word(decltype(nullptr)) { return 0; }
template <typename T>
long as_word(T* pointer) {
  return reinterpret_cast<long>(pointer);
}
template <typename T>
long as_word(T value) {
  return static_cast<long>(value);
}

// Any call by its number: sys::call(__NR_swapon, nullptr, 0). Arguments that are left out are 0.
template <typename A = int, typename B = int, typename C = int, typename D = int, typename E = int,
          typename F = int>
long call(long number, A a = {}, B b = {}, C c = {}, D d = {}, E e = {}, F f = {}) {
  return raw(number, as_word(a), as_word(b), as_word(c), as_word(d), as_word(e), as_word(f));
}

// The same call by `int $0x80`, with i386 numbers. The kernel takes 32 bits of each argument, so a
// pointer must be to static data (probes are linked below 4 GiB), never to the stack. A kernel
// without IA32 emulation kills the caller with SIGSEGV.
template <typename A = int, typename B = int, typename C = int, typename D = int, typename E = int>
long call_i386(long number, A a = {}, B b = {}, C c = {}, D d = {}, E e = {}) {
  return raw_i386(number, as_word(a), as_word(b), as_word(c), as_word(d), as_word(e));
}

// The same call by the x32 ABI: x86-64 numbers, marked with bit 30. Most kernels say -ENOSYS.
template <typename A = int, typename B = int, typename C = int, typename D = int, typename E = int,
          typename F = int>
long call_x32(long number, A a = {}, B b = {}, C c = {}, D d = {}, E e = {}, F f = {}) {
  return raw_x32(number, as_word(a), as_word(b), as_word(c), as_word(d), as_word(e), as_word(f));
}

// Processes

[[noreturn]] inline void exit_group(int status) {
  for (;;) call(__NR_exit_group, status);
}
// fork(2) by clone(2): the one spelling that every architecture has.
inline long fork() { return call(__NR_clone, SIGCHLD); }
inline long clone(unsigned long flags) { return call(__NR_clone, flags); }
inline long execve(const char* path, char* const* argv, char* const* environment) {
  return call(__NR_execve, path, argv, environment);
}
inline long execveat(int directory, const char* path, char* const* argv, char* const* environment,
                     int flags) {
  return call(__NR_execveat, directory, path, argv, environment, flags);
}

struct Execution {
  const char* path;
  char* const* argv;
  char* const* environment;
};
// As vfork(2), by clone(2): nothing is copied, and the caller goes on when the child has executed
// its program, or has put the negative errno into `failure` and ended with the status `failing`.
constexpr long spawn_flags = CLONE_VM | CLONE_VFORK | SIGCHLD;
long spawn(const Execution& execution, int failing, long* failure);

inline long wait4(int pid, int* status, int options, struct rusage* usage = nullptr) {
  return call(__NR_wait4, pid, status, options, usage);
}
inline long kill(int pid, int signal) { return call(__NR_kill, pid, signal); }
inline long getpid() { return call(__NR_getpid); }
inline long getppid() { return call(__NR_getppid); }
inline long getuid() { return call(__NR_getuid); }
inline long geteuid() { return call(__NR_geteuid); }
inline long setuid(unsigned int user) { return call(__NR_setuid, user); }
inline long setgid(unsigned int group) { return call(__NR_setgid, group); }
inline long setgroups(size_t count, const unsigned int* groups) {
  return call(__NR_setgroups, count, groups);
}
inline long ptrace(long request, int pid, void* address = nullptr, void* data = nullptr) {
  return call(__NR_ptrace, request, pid, address, data);
}
inline long prctl(int option, unsigned long a = 0, unsigned long b = 0, unsigned long c = 0,
                  unsigned long d = 0) {
  return call(__NR_prctl, option, a, b, c, d);
}
inline long prlimit64(int pid, int resource, const struct rlimit* set, struct rlimit* old) {
  return call(__NR_prlimit64, pid, resource, set, old);
}
inline long unshare(unsigned long flags) { return call(__NR_unshare, flags); }
inline long setns(int namespace_fd, int type) { return call(__NR_setns, namespace_fd, type); }
inline long personality(unsigned long persona) { return call(__NR_personality, persona); }
inline long sched_setscheduler(int pid, int policy, const struct sched_param* parameters) {
  return call(__NR_sched_setscheduler, pid, policy, parameters);
}

// Files

inline long openat(int directory, const char* path, int flags, mode_t mode = 0) {
  return call(__NR_openat, directory, path, flags, mode);
}
inline long open(const char* path, int flags, mode_t mode = 0) {
  return openat(AT_FDCWD, path, flags, mode);
}
inline long close(int fd) { return call(__NR_close, fd); }
inline long read(int fd, void* buffer, size_t size) { return call(__NR_read, fd, buffer, size); }
inline long write(int fd, const void* data, size_t size) {
  return call(__NR_write, fd, data, size);
}
inline long pread64(int fd, void* buffer, size_t size, long offset) {
  return call(__NR_pread64, fd, buffer, size, offset);
}
inline long lseek(int fd, long offset, int whence) { return call(__NR_lseek, fd, offset, whence); }
inline long getdents64(int fd, void* buffer, size_t size) {
  return call(__NR_getdents64, fd, buffer, size);
}
inline long fstat(int fd, struct stat* status) { return call(__NR_fstat, fd, status); }
inline long newfstatat(int directory, const char* path, struct stat* status, int flags) {
  return call(__NR_newfstatat, directory, path, status, flags);
}
inline long faccessat(int directory, const char* path, int mode) {
  return call(__NR_faccessat, directory, path, mode);
}
inline long readlinkat(int directory, const char* path, char* buffer, size_t size) {
  return call(__NR_readlinkat, directory, path, buffer, size);
}
inline long mkdirat(int directory, const char* path, mode_t mode) {
  return call(__NR_mkdirat, directory, path, mode);
}
inline long mknodat(int directory, const char* path, mode_t mode, unsigned long device) {
  return call(__NR_mknodat, directory, path, mode, device);
}
inline long unlinkat(int directory, const char* path, int flags) {
  return call(__NR_unlinkat, directory, path, flags);
}
inline long linkat(int from_directory, const char* from, int to_directory, const char* to,
                   int flags) {
  return call(__NR_linkat, from_directory, from, to_directory, to, flags);
}
inline long symlinkat(const char* target, int directory, const char* path) {
  return call(__NR_symlinkat, target, directory, path);
}
inline long fchmod(int fd, mode_t mode) { return call(__NR_fchmod, fd, mode); }
inline long fchmodat(int directory, const char* path, mode_t mode) {
  return call(__NR_fchmodat, directory, path, mode);
}
inline long fchownat(int directory, const char* path, unsigned int user, unsigned int group,
                     int flags) {
  return call(__NR_fchownat, directory, path, user, group, flags);
}
inline long ioctl(int fd, unsigned long request, void* argument) {
  return call(__NR_ioctl, fd, request, argument);
}
inline long fcntl(int fd, int command, unsigned long argument) {
  return call(__NR_fcntl, fd, command, argument);
}
inline long dup3(int from, int to, int flags) { return call(__NR_dup3, from, to, flags); }
inline long pipe2(int* fds, int flags) { return call(__NR_pipe2, fds, flags); }
inline long memfd_create(const char* name, unsigned int flags) {
  return call(__NR_memfd_create, name, flags);
}

// Mounts

inline long mount(const char* source, const char* target, const char* type, unsigned long flags,
                  const void* data) {
  return call(__NR_mount, source, target, type, flags, data);
}
inline long umount2(const char* target, int flags) { return call(__NR_umount2, target, flags); }
inline long chroot(const char* path) { return call(__NR_chroot, path); }

// Memory

inline long mmap(void* address, size_t size, int protection, int flags, int fd, long offset) {
  return call(__NR_mmap, address, size, protection, flags, fd, offset);
}
inline long mprotect(void* address, size_t size, int protection) {
  return call(__NR_mprotect, address, size, protection);
}
inline long munmap(void* address, size_t size) { return call(__NR_munmap, address, size); }

// Sockets

inline long socket(int family, int type, int protocol) {
  return call(__NR_socket, family, type, protocol);
}
inline long socketpair(int family, int type, int protocol, int* fds) {
  return call(__NR_socketpair, family, type, protocol, fds);
}
inline long bind(int fd, const void* address, size_t size) {
  return call(__NR_bind, fd, address, size);
}
inline long connect(int fd, const void* address, size_t size) {
  return call(__NR_connect, fd, address, size);
}
inline long listen(int fd, int backlog) { return call(__NR_listen, fd, backlog); }
inline long getsockname(int fd, void* address, unsigned int* size) {
  return call(__NR_getsockname, fd, address, size);
}
inline long setsockopt(int fd, int level, int option, const void* value, size_t size) {
  return call(__NR_setsockopt, fd, level, option, value, size);
}
inline long sendto(int fd, const void* data, size_t size, int flags, const void* address,
                   size_t address_size) {
  return call(__NR_sendto, fd, data, size, flags, address, address_size);
}
inline long recvfrom(int fd, void* buffer, size_t size, int flags) {
  return call(__NR_recvfrom, fd, buffer, size, flags);
}

// System V shared memory

inline long shmget(int key, size_t size, int flags) { return call(__NR_shmget, key, size, flags); }
inline long shmat(int id, const void* address, int flags) {
  return call(__NR_shmat, id, address, flags);
}
inline long shmctl(int id, int command, struct shmid_ds* buffer) {
  return call(__NR_shmctl, id, command, buffer);
}

// The system

inline long settimeofday(const struct timeval* time, const struct timezone* zone) {
  return call(__NR_settimeofday, time, zone);
}
inline long sethostname(const char* name, size_t size) {
  return call(__NR_sethostname, name, size);
}
inline long getrandom(void* buffer, size_t size, unsigned int flags) {
  return call(__NR_getrandom, buffer, size, flags);
}

}  // namespace sys

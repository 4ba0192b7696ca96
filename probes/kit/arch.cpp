// All that differs between machines: the entry point and the instruction that enters the kernel.

#include "kit/program.h"
#include "kit/sys.h"

// The kernel starts a program with the stack pointer at argc, and argv and the environment after
// it, and with no return address: _start is not a function that C++ could write.
#if defined(__x86_64__)

asm(R"(
    .text
    .globl _start
    .type _start, @function
_start:
    xor %ebp, %ebp
    mov %rsp, %rdi
    and $-16, %rsp
    call enter_program
)");

long sys::raw(long number, long a, long b, long c, long d, long e, long f) {
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  long result;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
}

// The child has the parent's memory, stack included, and touches none of it but `failure`.
long sys::spawn(const Execution& execution, int failing, long* failure) {
  register long r10 asm("r10") = 0;
  register long r8 asm("r8") = 0;
  long result;
  asm volatile(
      R"(
    syscall
    test %%rax, %%rax
    jnz 1f
    mov %[path], %%rdi
    mov %[argv], %%rsi
    mov %[environment], %%rdx
    mov %[execve], %%eax
    syscall
    mov %%rax, (%[failure])
    mov %[failing], %%edi
    mov %[exit_group], %%eax
    syscall
    hlt
1:
)"
      : "=a"(result)
      : "a"(__NR_clone), "D"(spawn_flags), "S"(0L), "d"(0L), "r"(r10),
        "r"(r8), [path] "r"(execution.path), [argv] "r"(execution.argv),
        [environment] "r"(execution.environment), [failure] "r"(failure), [failing] "r"(failing),
        [execve] "i"(__NR_execve), [exit_group] "i"(__NR_exit_group)
      : "rcx", "r11", "memory");
  return result;
}

long sys::raw_i386(long number, long a, long b, long c, long d, long e) {
  long result;
  asm volatile("int $0x80"
               : "=a"(result)
               : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
               : "r8", "r9", "r10", "r11", "memory");
  return static_cast<int>(result);
}

long sys::raw_x32(long number, long a, long b, long c, long d, long e, long f) {
  constexpr long x32_bit = 0x40000000;
  return raw(number | x32_bit, a, b, c, d, e, f);
}

#elif defined(__aarch64__)

asm(R"(
    .text
    .globl _start
    .type _start, %function
_start:
    mov x29, xzr
    mov x30, xzr
    mov x0, sp
    b enter_program
)");

long sys::raw(long number, long a, long b, long c, long d, long e, long f) {
  register long x8 asm("x8") = number;
  register long x0 asm("x0") = a;
  register long x1 asm("x1") = b;
  register long x2 asm("x2") = c;
  register long x3 asm("x3") = d;
  register long x4 asm("x4") = e;
  register long x5 asm("x5") = f;
  asm volatile("svc #0"
               : "+r"(x0)
               : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
               : "memory");
  return x0;
}

long sys::spawn(const Execution& execution, int failing, long* failure) {
  register long x8 asm("x8") = __NR_clone;
  register long x0 asm("x0") = spawn_flags;
  register long x1 asm("x1") = 0;
  register long x2 asm("x2") = 0;
  register long x3 asm("x3") = 0;
  register long x4 asm("x4") = 0;
  asm volatile(
      R"(
    svc #0
    cbnz x0, 1f
    mov x0, %[path]
    mov x1, %[argv]
    mov x2, %[environment]
    mov x8, %[execve]
    svc #0
    str x0, [%[failure]]
    mov w0, %w[failing]
    mov x8, %[exit_group]
    svc #0
    brk #0
1:
)"
      : "+r"(x0)
      : "r"(x8), "r"(x1), "r"(x2), "r"(x3),
        "r"(x4), [path] "r"(execution.path), [argv] "r"(execution.argv),
        [environment] "r"(execution.environment), [failure] "r"(failure), [failing] "r"(failing),
        [execve] "i"(__NR_execve), [exit_group] "i"(__NR_exit_group)
      : "memory");
  return x0;
}

long sys::raw_i386(long, long, long, long, long, long) { return -ENOSYS; }

long sys::raw_x32(long, long, long, long, long, long, long) { return -ENOSYS; }

#else
#error "the probe kit knows x86-64 and aarch64"
#endif

extern "C" [[noreturn]] void enter_program(char** stack) {
  const auto count = static_cast<size_t>(*reinterpret_cast<long*>(stack));
  char** argv = stack + 1;
  sys::exit_group(program(probe::Args(count, argv, argv + count + 1)));
}

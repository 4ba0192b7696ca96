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

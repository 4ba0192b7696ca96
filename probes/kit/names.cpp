#include "kit/names.h"

#include <errno.h>
#include <sys/socket.h>

#include "kit/args.h"
#include "kit/text.h"

namespace probe {

namespace {

struct Name {
  short number;
  char text[16];
};

// All of asm-generic/errno.h; x86-64 and aarch64 share it.
constexpr Name errnos[] = {
    {EPERM, "EPERM"},
    {ENOENT, "ENOENT"},
    {ESRCH, "ESRCH"},
    {EINTR, "EINTR"},
    {EIO, "EIO"},
    {ENXIO, "ENXIO"},
    {E2BIG, "E2BIG"},
    {ENOEXEC, "ENOEXEC"},
    {EBADF, "EBADF"},
    {ECHILD, "ECHILD"},
    {EAGAIN, "EAGAIN"},
    {ENOMEM, "ENOMEM"},
    {EACCES, "EACCES"},
    {EFAULT, "EFAULT"},
    {ENOTBLK, "ENOTBLK"},
    {EBUSY, "EBUSY"},
    {EEXIST, "EEXIST"},
    {EXDEV, "EXDEV"},
    {ENODEV, "ENODEV"},
    {ENOTDIR, "ENOTDIR"},
    {EISDIR, "EISDIR"},
    {EINVAL, "EINVAL"},
    {ENFILE, "ENFILE"},
    {EMFILE, "EMFILE"},
    {ENOTTY, "ENOTTY"},
    {ETXTBSY, "ETXTBSY"},
    {EFBIG, "EFBIG"},
    {ENOSPC, "ENOSPC"},
    {ESPIPE, "ESPIPE"},
    {EROFS, "EROFS"},
    {EMLINK, "EMLINK"},
    {EPIPE, "EPIPE"},
    {EDOM, "EDOM"},
    {ERANGE, "ERANGE"},
    {EDEADLK, "EDEADLK"},
    {ENAMETOOLONG, "ENAMETOOLONG"},
    {ENOLCK, "ENOLCK"},
    {ENOSYS, "ENOSYS"},
    {ENOTEMPTY, "ENOTEMPTY"},
    {ELOOP, "ELOOP"},
    {ENOMSG, "ENOMSG"},
    {EIDRM, "EIDRM"},
    {ECHRNG, "ECHRNG"},
    {EL2NSYNC, "EL2NSYNC"},
    {EL3HLT, "EL3HLT"},
    {EL3RST, "EL3RST"},
    {ELNRNG, "ELNRNG"},
    {EUNATCH, "EUNATCH"},
    {ENOCSI, "ENOCSI"},
    {EL2HLT, "EL2HLT"},
    {EBADE, "EBADE"},
    {EBADR, "EBADR"},
    {EXFULL, "EXFULL"},
    {ENOANO, "ENOANO"},
    {EBADRQC, "EBADRQC"},
    {EBADSLT, "EBADSLT"},
    {EBFONT, "EBFONT"},
    {ENOSTR, "ENOSTR"},
    {ENODATA, "ENODATA"},
    {ETIME, "ETIME"},
    {ENOSR, "ENOSR"},
    {ENONET, "ENONET"},
    {ENOPKG, "ENOPKG"},
    {EREMOTE, "EREMOTE"},
    {ENOLINK, "ENOLINK"},
    {EADV, "EADV"},
    {ESRMNT, "ESRMNT"},
    {ECOMM, "ECOMM"},
    {EPROTO, "EPROTO"},
    {EMULTIHOP, "EMULTIHOP"},
    {EDOTDOT, "EDOTDOT"},
    {EBADMSG, "EBADMSG"},
    {EOVERFLOW, "EOVERFLOW"},
    {ENOTUNIQ, "ENOTUNIQ"},
    {EBADFD, "EBADFD"},
    {EREMCHG, "EREMCHG"},
    {ELIBACC, "ELIBACC"},
    {ELIBBAD, "ELIBBAD"},
    {ELIBSCN, "ELIBSCN"},
    {ELIBMAX, "ELIBMAX"},
    {ELIBEXEC, "ELIBEXEC"},
    {EILSEQ, "EILSEQ"},
    {ERESTART, "ERESTART"},
    {ESTRPIPE, "ESTRPIPE"},
    {EUSERS, "EUSERS"},
    {ENOTSOCK, "ENOTSOCK"},
    {EDESTADDRREQ, "EDESTADDRREQ"},
    {EMSGSIZE, "EMSGSIZE"},
    {EPROTOTYPE, "EPROTOTYPE"},
    {ENOPROTOOPT, "ENOPROTOOPT"},
    {EPROTONOSUPPORT, "EPROTONOSUPPORT"},
    {ESOCKTNOSUPPORT, "ESOCKTNOSUPPORT"},
    {EOPNOTSUPP, "EOPNOTSUPP"},
    {EPFNOSUPPORT, "EPFNOSUPPORT"},
    {EAFNOSUPPORT, "EAFNOSUPPORT"},
    {EADDRINUSE, "EADDRINUSE"},
    {EADDRNOTAVAIL, "EADDRNOTAVAIL"},
    {ENETDOWN, "ENETDOWN"},
    {ENETUNREACH, "ENETUNREACH"},
    {ENETRESET, "ENETRESET"},
    {ECONNABORTED, "ECONNABORTED"},
    {ECONNRESET, "ECONNRESET"},
    {ENOBUFS, "ENOBUFS"},
    {EISCONN, "EISCONN"},
    {ENOTCONN, "ENOTCONN"},
    {ESHUTDOWN, "ESHUTDOWN"},
    {ETOOMANYREFS, "ETOOMANYREFS"},
    {ETIMEDOUT, "ETIMEDOUT"},
    {ECONNREFUSED, "ECONNREFUSED"},
    {EHOSTDOWN, "EHOSTDOWN"},
    {EHOSTUNREACH, "EHOSTUNREACH"},
    {EALREADY, "EALREADY"},
    {EINPROGRESS, "EINPROGRESS"},
    {ESTALE, "ESTALE"},
    {EUCLEAN, "EUCLEAN"},
    {ENOTNAM, "ENOTNAM"},
    {ENAVAIL, "ENAVAIL"},
    {EISNAM, "EISNAM"},
    {EREMOTEIO, "EREMOTEIO"},
    {EDQUOT, "EDQUOT"},
    {ENOMEDIUM, "ENOMEDIUM"},
    {EMEDIUMTYPE, "EMEDIUMTYPE"},
    {ECANCELED, "ECANCELED"},
    {ENOKEY, "ENOKEY"},
    {EKEYEXPIRED, "EKEYEXPIRED"},
    {EKEYREVOKED, "EKEYREVOKED"},
    {EKEYREJECTED, "EKEYREJECTED"},
    {EOWNERDEAD, "EOWNERDEAD"},
    {ENOTRECOVERABLE, "ENOTRECOVERABLE"},
    {ERFKILL, "ERFKILL"},
    {EHWPOISON, "EHWPOISON"},
};

constexpr Name families[] = {
    {AF_UNSPEC, "UNSPEC"},
    {AF_UNIX, "UNIX"},
    {AF_LOCAL, "LOCAL"},
    {AF_INET, "INET"},
    {AF_AX25, "AX25"},
    {AF_IPX, "IPX"},
    {AF_APPLETALK, "APPLETALK"},
    {AF_NETROM, "NETROM"},
    {AF_BRIDGE, "BRIDGE"},
    {AF_ATMPVC, "ATMPVC"},
    {AF_X25, "X25"},
    {AF_INET6, "INET6"},
    {AF_ROSE, "ROSE"},
    {AF_DECnet, "DECnet"},
    {AF_NETBEUI, "NETBEUI"},
    {AF_SECURITY, "SECURITY"},
    {AF_KEY, "KEY"},
    {AF_NETLINK, "NETLINK"},
    {AF_ROUTE, "ROUTE"},
    {AF_PACKET, "PACKET"},
    {AF_ASH, "ASH"},
    {AF_ECONET, "ECONET"},
    {AF_ATMSVC, "ATMSVC"},
    {AF_RDS, "RDS"},
    {AF_SNA, "SNA"},
    {AF_IRDA, "IRDA"},
    {AF_PPPOX, "PPPOX"},
    {AF_WANPIPE, "WANPIPE"},
    {AF_LLC, "LLC"},
    {AF_IB, "IB"},
    {AF_MPLS, "MPLS"},
    {AF_CAN, "CAN"},
    {AF_TIPC, "TIPC"},
    {AF_BLUETOOTH, "BLUETOOTH"},
    {AF_IUCV, "IUCV"},
    {AF_RXRPC, "RXRPC"},
    {AF_ISDN, "ISDN"},
    {AF_PHONET, "PHONET"},
    {AF_IEEE802154, "IEEE802154"},
    {AF_CAIF, "CAIF"},
    {AF_ALG, "ALG"},
    {AF_NFC, "NFC"},
    {AF_VSOCK, "VSOCK"},
    {AF_KCM, "KCM"},
    {AF_QIPCRTR, "QIPCRTR"},
    {AF_SMC, "SMC"},
    {AF_XDP, "XDP"},
    {AF_MCTP, "MCTP"},
};

}  // namespace

const char* errno_name(int error) {
  for (const Name& name : errnos) {
    if (name.number == error) return name.text;
  }
  return nullptr;
}

int address_family(const char* name) {
  if (const char* rest = after_prefix(name, "AF_")) {
    for (const Name& family : families) {
      if (equal(rest, family.text)) return family.number;
    }
    return -1;
  }
  const Number number = parse_number(name);
  return number.valid && number.value >= 0 && number.value < 256 ? static_cast<int>(number.value)
                                                                 : -1;
}

}  // namespace probe

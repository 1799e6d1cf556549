"""How this process asks the system for memory: in a way that gives it back.

glibc gives every thread heaps of its own, and after a while asks the system for no large block apart any more. A server
of many threads that come and go then holds twice what it uses (seen: 1.3 GB after one visitor's half hour, of which
460 MB was meant to be kept). Elsewhere than on glibc nothing is changed.
"""

import ctypes

# From glibc's malloc.h.
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
ARENAS = 2
LARGE = 2 * 1024 * 1024  # bytes; larger blocks go straight back to the system when they are freed


def give_memory_back() -> bool:
    """Ask glibc for few heaps and a fixed threshold for large blocks; `False` where there is no glibc."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # not a C library that has it; Windows has none without a name
        return False
    return bool(mallopt(M_ARENA_MAX, ARENAS)) and bool(mallopt(M_MMAP_THRESHOLD, LARGE))

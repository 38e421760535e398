#ifndef TICKTOP_ALLOCATION_COUNT_H
#define TICKTOP_ALLOCATION_COUNT_H

#include <stdint.h>

/// Heap allocations of the calling thread so far: malloc, calloc, realloc and the aligned ones.
///
/// The executable that links this library allocates through it.
uint64_t allocation_count(void);

/// What the process has allocated and not given back.
uint64_t heap_bytes(void);

#endif

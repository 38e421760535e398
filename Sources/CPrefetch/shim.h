/// Asks for a cache line without waiting for it, which Swift has no word for. Any address may be given.
static inline void prefetch_line(const void *address) {
    __builtin_prefetch(address, 0, 3);
}

//! Settings and counters of a heap, and the offsets that compiled code needs.

/// How a heap behaves. `Default` gives the settings for ordinary programs.
#[derive(Copy, Clone, Debug)]
pub struct GcConfig {
    /// Collect at every Nth allocation; 0 = off. Every fourth of these collections is a full one.
    pub stress_every: u32,
    /// Fill freed memory with a pattern that is neither a value nor a header, so that stale uses show.
    pub poison: bool,
    /// Check the whole heap after each collection.
    pub verify: bool,
    /// Largest number of bytes taken from the system; 0 = no limit of our own.
    pub limit_bytes: usize,
    /// Allocate at least this much between minor collections.
    pub min_nursery_bytes: usize,
}

impl Default for GcConfig {
    fn default() -> GcConfig {
        GcConfig { stress_every: 0, poison: false, verify: false, limit_bytes: 0, min_nursery_bytes: 4 << 20 }
    }
}

/// Counters of a heap. Times are in nanoseconds, sizes in bytes.
#[derive(Copy, Clone, Default, Debug)]
pub struct GcStats {
    pub minor_collections: u64,
    pub full_collections: u64,
    pub total_pause_ns: u64,
    pub max_pause_ns: u64,
    pub last_pause_ns: u64,
    /// Bytes allocated since the heap was made (holes count in full when they are taken).
    pub allocated_bytes: u64,
    /// Bytes found live by the last collection (old ones of a minor collection are an estimate by lines).
    pub live_bytes: u64,
    /// Bytes on pages of their own.
    pub large_bytes: u64,
    /// 32 KB blocks in use.
    pub blocks: u64,
    /// Empty 32 KB blocks kept for reuse.
    pub free_blocks: u64,
    /// Bytes taken from the system now.
    pub mapped_bytes: u64,
    /// Largest value that `mapped_bytes` had.
    pub peak_mapped_bytes: u64,
    /// Bytes reported through `add_external`.
    pub external_bytes: u64,
}

/// Where compiled code finds what it needs: byte offsets in `Heap` and in `Header`.
#[derive(Copy, Clone, Debug)]
pub struct HeapOffsets {
    /// In `Heap`: address of the next object.
    pub cursor: usize,
    /// In `Heap`: end of the current hole. `cursor + bytes > limit` means the slow path.
    pub limit: usize,
    /// In `Header`: `shape: u32`.
    pub shape: usize,
    /// In `Header`: `gc: u8`; test it against [`HeapOffsets::barrier_bit`].
    pub gc: usize,
    /// In `Header`: `flags: u8`.
    pub flags: usize,
    /// In `Header`: `aux: u16`.
    pub aux: usize,
    /// Size of a header: the first field lies here.
    pub header_bytes: usize,
    /// The bit in the `gc` byte that asks for the barrier's slow path.
    pub barrier_bit: u8,
    /// Larger objects must be allocated by `Heap::alloc_slow`.
    pub max_inline_bytes: usize,
}

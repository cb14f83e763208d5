//! Tests across modules.

mod generate;
mod vectors;

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// A generator whose whole output follows from `seed`.
pub(crate) fn seeded(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

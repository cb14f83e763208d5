//! Tests across modules.

mod addresses;
mod attacks;
mod generate;
mod keyrings;
mod known_answers;
mod limits;
mod messages;
mod parsers;
mod scene;
mod secrets;
mod tamper;
mod vectors;
mod wycheproof;

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// A generator whose whole output follows from `seed`.
pub(crate) fn seeded(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

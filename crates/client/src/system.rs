//! The system below the SDK: the only file that reads the clock and the system's randomness.

use std::time::{SystemTime, UNIX_EPOCH};

use getrandom::SysRng;
use rand_core::UnwrapErr;
use uuid::Uuid;

/// Milliseconds since 1970.
pub(crate) fn now_milliseconds() -> u64 {
    #[expect(
        clippy::disallowed_methods,
        reason = "the SDK runs at the edge, and this is where it reads the clock"
    )]
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    // Before 1970 and after the year 584 million a clock is wrong anyway.
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

/// Seconds since 1970.
pub(crate) fn now_seconds() -> u64 {
    now_milliseconds() / 1_000
}

/// The operating system's generator. It fails only where the system has no randomness at all, and then nothing here
/// may go on.
pub(crate) fn random() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

/// A new name that sorts by time (UUID version 7).
pub(crate) fn new_uuid() -> Uuid {
    let mut bytes = [0; 10];
    rand_core::Rng::fill_bytes(&mut random(), &mut bytes);
    uuid::Builder::from_unix_timestamp_millis(now_milliseconds(), &bytes).into_uuid()
}

//! How often the same address or account may try. The numbers stand here and in `docs/operations.md`.
//!
//! Memory is bounded: an address or account counts in one of 65 536 buckets, chosen by a hash that nobody outside can
//! compute, and buckets that have run full again are dropped every minute.

use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    state::keyed::DashMapStateStore,
};
use std::{
    collections::HashSet,
    fmt,
    hash::{BuildHasher as _, Hash, RandomState},
    net::IpAddr,
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use wicketgate_domain::{PartnerId, text::Email};
use wicketgate_protocol::{Code, Problem};

const BUCKETS: u64 = 65_536;

/// How many pairs of account and address are remembered as having signed in.
const MOST_FAMILIAR: usize = 65_536;

type Limiter = RateLimiter<u32, DashMapStateStore<u32>, DefaultClock>;

/// The limits of one node.
pub(crate) struct Limits {
    on: bool,
    hasher: RandomState,
    clock: DefaultClock,
    sign_in_address: Limiter,
    sign_in_account: Limiter,
    sign_in_familiar: Limiter,
    sign_in_stranger: Limiter,
    familiar: Mutex<HashSet<u64>>,
    set_up: Limiter,
    misses: Limiter,
    creations: Limiter,
}

/// `burst` tries at once, then one more every `every`.
fn limiter(burst: NonZeroU32, every: Duration) -> Limiter {
    let quota = Quota::with_period(every).unwrap_or_else(|| Quota::per_second(burst));
    RateLimiter::dashmap(quota.allow_burst(burst))
}

const fn burst(tries: u32) -> NonZeroU32 {
    match NonZeroU32::new(tries) {
        Some(tries) => tries,
        None => NonZeroU32::MIN,
    }
}

impl Limits {
    pub(crate) fn new(on: bool) -> Self {
        let seconds = Duration::from_secs;
        Self {
            on,
            hasher: RandomState::new(),
            clock: DefaultClock::default(),
            sign_in_address: limiter(burst(60), seconds(2)),
            sign_in_account: limiter(burst(60), seconds(10)),
            sign_in_familiar: limiter(burst(30), seconds(10)),
            sign_in_stranger: limiter(burst(20), seconds(60)),
            familiar: Mutex::default(),
            set_up: limiter(burst(60), seconds(1)),
            misses: limiter(burst(120), seconds(1)),
            creations: limiter(burst(2_000), Duration::from_millis(20)),
        }
    }

    /// Passes when this address may try this account's password or recovery code once more.
    ///
    /// An address that has signed in to the account before has a limit of its own, so that whoever guesses from
    /// elsewhere can't lock the rightful person out. Any other gets less than the account bears, so that one address
    /// alone can't use that up either.
    pub(crate) fn sign_in(&self, address: IpAddr, account: &Email) -> Result<(), Problem> {
        let address = network(address);
        self.check(&self.sign_in_address, &address)?;
        let pair = (address, account);
        if self.is_familiar(&pair) {
            return self.check(&self.sign_in_familiar, &pair);
        }
        self.check(&self.sign_in_stranger, &pair)?;
        self.check(&self.sign_in_account, account)
    }

    /// Notes that this address signed in to the account.
    pub(crate) fn signed_in(&self, address: IpAddr, account: &Email) {
        let pair = self.hasher.hash_one((network(address), account));
        let mut familiar = self.familiar.lock().unwrap_or_else(PoisonError::into_inner);
        if familiar.len() >= MOST_FAMILIAR {
            familiar.clear();
        }
        familiar.insert(pair);
    }

    fn is_familiar(&self, pair: &impl Hash) -> bool {
        let familiar = self.familiar.lock().unwrap_or_else(PoisonError::into_inner);
        familiar.contains(&self.hasher.hash_one(pair))
    }

    /// Passes when this address may try to set up a partner once more.
    pub(crate) fn set_up(&self, address: IpAddr) -> Result<(), Problem> {
        self.check(&self.set_up, &network(address))
    }

    /// Counts a link that was not found or whose proof was wrong. A redemption that succeeds is never counted.
    pub(crate) fn miss(&self, address: IpAddr) -> Result<(), Problem> {
        self.check(&self.misses, &network(address))
    }

    /// Passes when this partner may make one more link.
    pub(crate) fn create(&self, partner: PartnerId) -> Result<(), Problem> {
        self.check(&self.creations, &partner)
    }

    /// Drops the buckets that have run full again.
    pub(crate) fn tidy(&self) {
        for limiter in [
            &self.sign_in_address,
            &self.sign_in_account,
            &self.sign_in_familiar,
            &self.sign_in_stranger,
            &self.set_up,
            &self.misses,
            &self.creations,
        ] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }

    fn check(&self, limiter: &Limiter, key: &impl Hash) -> Result<(), Problem> {
        if !self.on {
            return Ok(());
        }
        // The remainder is below 65 536.
        let bucket = u32::try_from(self.hasher.hash_one(key) % BUCKETS).unwrap_or_default();
        limiter.check_key(&bucket).map_err(|refused| {
            let wait = refused.wait_time_from(self.clock.now());
            Problem::new(
                Code::TooManyRequests,
                "Too many tries in a short time. Please wait a moment and try again.",
            )
            .with_retry_after(wait.as_secs() + 1)
        })
    }
}

/// Who is behind an address: one IPv4 address, or the /64 that a household has of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        address @ IpAddr::V4(_) => address,
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Limits({})", if self.on { "on" } else { "off" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn guessing_elsewhere_does_not_lock_the_familiar_address_out() {
        let limits = Limits::new(true);
        let account = Email::parse("ada@example.org").unwrap();
        let home = address("192.0.2.1");
        limits.signed_in(home, &account);
        let refused = (0..=255_u8)
            .filter(|last| {
                let guesser = IpAddr::from([198, 51, 100, *last]);
                limits.sign_in(guesser, &account).is_err()
            })
            .count();
        assert!(refused > 150, "one account, many addresses: {refused}");
        assert!(limits.sign_in(home, &account).is_ok());
    }

    #[test]
    fn one_guesser_does_not_lock_the_account_for_other_new_addresses() {
        let limits = Limits::new(true);
        let account = Email::parse("ada@example.org").unwrap();
        let guesser = address("198.51.100.7");
        let taken = (0..1_000)
            .filter(|_| limits.sign_in(guesser, &account).is_ok())
            .count();
        assert_eq!(taken, 20);
        assert!(limits.sign_in(address("192.0.2.1"), &account).is_ok());
    }

    #[test]
    fn a_refusal_says_when_to_come_again() {
        let limits = Limits::new(true);
        let one = address("2001:db8::1");
        let problem = (0..200).find_map(|_| limits.miss(one).err()).unwrap();
        assert_eq!(problem.code, Code::TooManyRequests);
        assert!((1..=2).contains(&problem.retry_after.unwrap()));
        let neighbour = address("2001:db8::2");
        assert!(limits.miss(neighbour).is_err(), "the same /64");
        assert!(limits.miss(address("2001:db8:0:1::1")).is_ok());
    }

    #[test]
    fn limits_that_are_off_limit_nothing() {
        let limits = Limits::new(false);
        assert!((0..10_000).all(|_| limits.miss(address("192.0.2.1")).is_ok()));
    }

    #[test]
    fn memory_is_bounded() {
        let limits = Limits::new(true);
        for number in 0..200_000_u32 {
            let _ = limits.miss(IpAddr::from(number.to_be_bytes()));
        }
        assert!(limits.misses.len() as u64 <= BUCKETS);
    }
}

//! How often the same address or account may try. The numbers stand here and in `docs/operations.md`.
//!
//! Memory is bounded: an address or account counts in one of 65 536 buckets, chosen by a hash that nobody outside can
//! compute, and buckets that have run full again are dropped every minute.

use crate::{devices::Familiar, peer::Client};
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
    sign_in_proxy: Limiter,
    sign_in_account: Limiter,
    sign_in_shared: Limiter,
    sign_in_familiar: Limiter,
    sign_in_stranger: Limiter,
    sign_in_browser: Limiter,
    confirmation: Limiter,
    recovery_address: Limiter,
    recovery_shared: Limiter,
    recovery_browser: Limiter,
    familiar: Mutex<HashSet<u64>>,
    set_up: Limiter,
    set_up_all: Limiter,
    misses: Limiter,
    misses_proxy: Limiter,
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
            sign_in_proxy: limiter(burst(1_200), Duration::from_millis(100)),
            sign_in_account: limiter(burst(60), seconds(10)),
            sign_in_shared: limiter(burst(120), seconds(10)),
            sign_in_familiar: limiter(burst(30), seconds(10)),
            sign_in_stranger: limiter(burst(20), seconds(60)),
            sign_in_browser: limiter(burst(20), seconds(60)),
            confirmation: limiter(burst(20), seconds(60)),
            recovery_address: limiter(burst(60), seconds(2)),
            recovery_shared: limiter(burst(120), seconds(1)),
            recovery_browser: limiter(burst(20), seconds(60)),
            familiar: Mutex::default(),
            set_up: limiter(burst(60), seconds(1)),
            set_up_all: limiter(burst(240), Duration::from_millis(100)),
            misses: limiter(burst(120), seconds(1)),
            misses_proxy: limiter(burst(2_400), Duration::from_millis(50)),
            creations: limiter(burst(2_000), Duration::from_millis(20)),
        }
    }

    /// Passes when this address may try this account's password once more.
    ///
    /// A browser that has signed in to the account before has tries of its own, which no stranger can use up, wherever
    /// they are and however many.
    ///
    /// An address that has signed in to the account before has a limit of its own, so that whoever guesses from
    /// elsewhere can't lock the rightful person out. Any other gets less than the account bears, so that one address
    /// alone can't use that up either.
    ///
    /// Those who can't be told apart behind a proxy have a wide limit together, and for each account a limit of their
    /// own, which is the only one that a stranger among them reaches soon.
    pub(crate) fn sign_in(
        &self,
        client: Client,
        account: &Email,
        familiar: Option<Familiar>,
    ) -> Result<(), Problem> {
        if let Some(familiar) = familiar {
            return self.check(&self.sign_in_browser, &familiar);
        }
        match Place::of(client) {
            Some(place) => self.sign_in_from(place, account)?,
            None => self.check(&self.sign_in_shared, account)?,
        }
        // Last, so that tries which are refused anyway take nothing from the others.
        match client {
            Client::Behind { proxy, .. } => self.check(&self.sign_in_proxy, &network(proxy)),
            Client::At(_) => Ok(()),
        }
    }

    fn sign_in_from(&self, place: Place, account: &Email) -> Result<(), Problem> {
        self.check(&self.sign_in_address, &place)?;
        let pair = (place, account);
        if self.is_familiar(&pair) {
            return self.check(&self.sign_in_familiar, &pair);
        }
        self.check(&self.sign_in_stranger, &pair)?;
        self.check(&self.sign_in_account, account)
    }

    /// Passes when whoever is signed in may confirm the own password once more.
    pub(crate) fn confirm(&self, familiar: Familiar) -> Result<(), Problem> {
        self.check(&self.confirmation, &familiar)
    }

    /// Counts a recovery code that was wrong; the right one is never counted. Nobody guesses its 160 bits, so nothing that
    /// strangers do elsewhere counts against an account.
    pub(crate) fn wrong_recovery(
        &self,
        client: Client,
        account: &Email,
        familiar: Option<Familiar>,
    ) -> Result<(), Problem> {
        match (familiar, Place::of(client)) {
            (Some(familiar), _) => self.check(&self.recovery_browser, &familiar),
            (None, Some(place)) => self.check(&self.recovery_address, &place),
            (None, None) => self.check(&self.recovery_shared, account),
        }
    }

    /// Notes that this client signed in to the account.
    pub(crate) fn signed_in(&self, client: Client, account: &Email) {
        let Some(place) = Place::of(client) else {
            return;
        };
        let pair = self.hasher.hash_one((place, account));
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

    /// Counts a set-up token that was wrong; the right one is never counted.
    pub(crate) fn wrong_set_up(&self, client: Client) -> Result<(), Problem> {
        self.check(&self.set_up, &Place::or_proxy(client))?;
        self.check(&self.set_up_all, &())
    }

    /// Counts a link that was not found or whose proof was wrong. A redemption that succeeds is never counted.
    ///
    /// Behind a proxy whose clients can't be told apart for certain each link counts by itself: whoever guesses never
    /// asks for one twice, and whoever mistyped one is not held up by others' guesses. All of them together have a
    /// wide limit.
    pub(crate) fn miss(&self, client: Client, link: &str) -> Result<(), Problem> {
        match client {
            Client::At(address) => self.check(&self.misses, &network(address)),
            Client::Behind { proxy, .. } => {
                let proxy = network(proxy);
                self.check(&self.misses, &(proxy, link))?;
                self.check(&self.misses_proxy, &proxy)
            }
        }
    }

    /// Passes when this partner may make so many more links. Either all of them count or none.
    pub(crate) fn create(&self, partner: PartnerId, links: NonZeroU32) -> Result<(), Problem> {
        self.check_many(&self.creations, &partner, links)
    }

    /// Drops the buckets that have run full again.
    pub(crate) fn tidy(&self) {
        for limiter in [
            &self.sign_in_address,
            &self.sign_in_proxy,
            &self.sign_in_account,
            &self.sign_in_shared,
            &self.sign_in_familiar,
            &self.sign_in_stranger,
            &self.sign_in_browser,
            &self.confirmation,
            &self.recovery_address,
            &self.recovery_shared,
            &self.recovery_browser,
            &self.set_up,
            &self.set_up_all,
            &self.misses,
            &self.misses_proxy,
            &self.creations,
        ] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }

    fn check(&self, limiter: &Limiter, key: &impl Hash) -> Result<(), Problem> {
        self.check_many(limiter, key, NonZeroU32::MIN)
    }

    fn check_many(
        &self,
        limiter: &Limiter,
        key: &impl Hash,
        tries: NonZeroU32,
    ) -> Result<(), Problem> {
        if !self.on {
            return Ok(());
        }
        // The remainder is below 65 536.
        let bucket = u32::try_from(self.hasher.hash_one(key) % BUCKETS).unwrap_or_default();
        let wait = match limiter.check_key_n(&bucket, tries) {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(refused)) => refused.wait_time_from(self.clock.now()),
            // More at once than there ever are: no time helps, so the longest is named.
            Err(_) => Duration::from_mins(1),
        };
        Err(Problem::new(
            Code::TooManyRequests,
            "Too many tries in a short time. Please wait a moment and try again.",
        )
        .with_retry_after(wait.as_secs() + 1))
    }
}

/// Where a client is: its network, and the proxy whose word for that may be anybody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Place {
    network: IpAddr,
    by_word_of: Option<IpAddr>,
}

impl Place {
    /// Nothing for one who can't be told from others.
    fn of(client: Client) -> Option<Self> {
        match client {
            Client::At(address) => Some(Self {
                network: network(address),
                by_word_of: None,
            }),
            Client::Behind { proxy, says } => says.map(|address| Self {
                network: network(address),
                by_word_of: Some(network(proxy)),
            }),
        }
    }

    /// The proxy itself for one who can't be told from others.
    fn or_proxy(client: Client) -> Self {
        let proxy = match client {
            Client::At(proxy) | Client::Behind { proxy, .. } => proxy,
        };
        Self::of(client).unwrap_or(Self {
            network: network(proxy),
            by_word_of: None,
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

    fn account(name: &str) -> Email {
        Email::parse(&format!("{name}@example.org")).unwrap()
    }

    fn at(text: &str) -> Client {
        Client::At(text.parse().unwrap())
    }

    #[test]
    fn guessing_elsewhere_does_not_lock_the_familiar_address_out() {
        let limits = Limits::new(true);
        let account = Email::parse("ada@example.org").unwrap();
        let home = at("192.0.2.1");
        limits.signed_in(home, &account);
        let refused = (0..=255_u8)
            .filter(|last| {
                let guesser = Client::At(IpAddr::from([198, 51, 100, *last]));
                limits.sign_in(guesser, &account, None).is_err()
            })
            .count();
        assert!(refused > 150, "one account, many addresses: {refused}");
        assert!(limits.sign_in(home, &account, None).is_ok());
    }

    #[test]
    fn one_guesser_does_not_lock_the_account_for_other_new_addresses() {
        let limits = Limits::new(true);
        let account = Email::parse("ada@example.org").unwrap();
        let guesser = at("198.51.100.7");
        let taken = (0..1_000)
            .filter(|_| limits.sign_in(guesser, &account, None).is_ok())
            .count();
        assert_eq!(taken, 20);
        assert!(limits.sign_in(at("192.0.2.1"), &account, None).is_ok());
    }

    #[test]
    fn a_stranger_behind_the_same_silent_proxy_locks_nobody_out() {
        let limits = Limits::new(true);
        let (owner, other) = (account("ada"), account("nobody"));
        let everybody = Client::Behind {
            proxy: IpAddr::from([127, 0, 0, 1]),
            says: None,
        };
        for tried in [&owner, &other] {
            assert!((0..75).all(|_| limits.sign_in(everybody, tried, None).is_ok()));
        }
        assert!(limits.sign_in(everybody, &owner, None).is_ok());
        let taken = (0..1_000).filter(|_| limits.sign_in(everybody, &owner, None).is_ok());
        assert!(taken.count() < 60, "the account bears no more than that");
        assert!(limits.sign_in(everybody, &account("eve"), None).is_ok());
    }

    #[test]
    fn what_an_unnamed_proxy_says_sets_its_clients_apart_and_gives_them_no_more() {
        let limits = Limits::new(true);
        let owner = account("ada");
        let said = |address: [u8; 4]| Client::Behind {
            proxy: IpAddr::from([127, 0, 0, 1]),
            says: Some(address.into()),
        };
        let stranger = said([198, 51, 100, 7]);
        let taken = (0..1_000).filter(|_| limits.sign_in(stranger, &owner, None).is_ok());
        assert_eq!(taken.count(), 20);
        assert!(limits.sign_in(said([192, 0, 2, 1]), &owner, None).is_ok());
        // Whoever gives themselves another address each time is held by the account, and at last by the proxy.
        let changing = || (0..5_000_u32).map(|number| (number, said(number.to_be_bytes())));
        let taken = changing().filter(|(_, client)| limits.sign_in(*client, &owner, None).is_ok());
        assert!(taken.count() < 60);
        let taken = changing().filter(|(number, client)| {
            let tried = account(&format!("account-{number}"));
            limits.sign_in(*client, &tried, None).is_ok()
        });
        assert!((1_000..1_400).contains(&taken.count()));
        // Another's word is not the address itself.
        assert!(
            limits
                .sign_in(at("192.0.2.9"), &account("eve"), None)
                .is_ok()
        );
    }

    #[test]
    fn behind_a_silent_proxy_a_guesser_of_links_holds_up_nobody_who_mistypes_one() {
        let limits = Limits::new(true);
        let proxy = IpAddr::from([127, 0, 0, 1]);
        let everybody = Client::Behind { proxy, says: None };
        for guess in 0..2_000 {
            let _ = limits.miss(everybody, &format!("guess {guess}"));
        }
        assert!(limits.miss(everybody, "mistyped").is_ok());
        let taken = (0..1_000).filter(|_| limits.miss(everybody, "one").is_ok());
        assert!(taken.count() < 200, "one link bears no more than that");
    }

    #[test]
    fn whoever_guesses_links_behind_a_proxy_is_held_by_it_at_last() {
        let limits = Limits::new(true);
        let proxy = IpAddr::from([127, 0, 0, 1]);
        let taken = (0..10_000_u32).filter(|number| {
            let says = Some(IpAddr::from(number.to_be_bytes()));
            let client = Client::Behind { proxy, says };
            limits.miss(client, &format!("guess {number}")).is_ok()
        });
        assert!((2_400..3_400).contains(&taken.count()));
        let proxy = IpAddr::from([10, 0, 0, 1]);
        let elsewhere = Client::Behind { proxy, says: None };
        assert!(limits.miss(elsewhere, "mistyped").is_ok());
    }

    #[test]
    fn a_refusal_says_when_to_come_again() {
        let limits = Limits::new(true);
        let one = at("2001:db8::1");
        let problem = (0..200).find_map(|_| limits.miss(one, "x").err()).unwrap();
        assert_eq!(problem.code, Code::TooManyRequests);
        assert!((1..=2).contains(&problem.retry_after.unwrap()));
        let neighbour = at("2001:db8::2");
        assert!(limits.miss(neighbour, "x").is_err(), "the same /64");
        assert!(limits.miss(at("2001:db8:0:1::1"), "x").is_ok());
    }

    #[test]
    fn limits_that_are_off_limit_nothing() {
        let limits = Limits::new(false);
        assert!((0..10_000).all(|_| limits.miss(at("192.0.2.1"), "x").is_ok()));
    }

    #[test]
    fn memory_is_bounded() {
        let limits = Limits::new(true);
        for number in 0..200_000_u32 {
            let _ = limits.miss(Client::At(number.to_be_bytes().into()), "x");
        }
        assert!(limits.misses.len() as u64 <= BUCKETS);
    }

    #[test]
    fn strangers_use_up_nothing_of_a_browser_that_is_known() {
        let limits = Limits::new(true);
        let owner = account("ada");
        let known = Some(Familiar::Browser([1; 8]));
        let home = at("192.0.2.1");
        for number in 0..2_000_u32 {
            // At the same address, too, as behind the router of a café.
            for stranger in [Client::At(number.to_be_bytes().into()), home] {
                let _ = limits.sign_in(stranger, &owner, None);
                let _ = limits.wrong_recovery(stranger, &owner, None);
            }
        }
        assert!(limits.sign_in(home, &owner, None).is_err());
        assert!(limits.sign_in(home, &owner, known).is_ok());
        assert!(limits.wrong_recovery(home, &owner, None).is_err());
        assert!(limits.wrong_recovery(home, &owner, known).is_ok());
        assert!(limits.wrong_recovery(at("192.0.2.2"), &owner, None).is_ok());
        let taken = (0..100).filter(|_| limits.sign_in(home, &owner, known).is_ok());
        assert_eq!(taken.count(), 19, "twenty in all");
        let other = Some(Familiar::Browser([2; 8]));
        assert!(limits.sign_in(home, &owner, other).is_ok());
    }

    #[test]
    fn guesses_of_the_set_up_token_count_together() {
        let limits = Limits::new(true);
        let taken = (0..1_000_u32).filter(|number| {
            limits
                .wrong_set_up(Client::At(number.to_be_bytes().into()))
                .is_ok()
        });
        assert!((240..260).contains(&taken.count()));
    }
}

//! Argon2id of what clients derive from a password, on threads of its own and a few at a time.

use crate::{defect::internal, devices::Familiar};
use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::{fmt, sync::Arc, time::Duration};
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};
use wicketgate_domain::text::Email;
use wicketgate_protocol::{Code, Problem};

/// 19 MiB, two passes, one lane: what OWASP's Password Storage Cheat Sheet names first.
const MEMORY_KIB: u32 = 19 * 1_024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// At least so much is asked for. From 32 MiB on, glibc gives memory back to the system when it is dropped, whatever
/// was dropped before; what is smaller it keeps, for each thread anew. What nobody touches takes no memory.
const ROOM_BLOCKS: usize = 33 * 1_024;

/// How many are computed at once.
const AT_ONCE: usize = 2;

/// How many more are computed for those who are no strangers.
const KEPT: usize = 1;

/// How long a client waits for its turn.
const PATIENCE: Duration = Duration::from_secs(8);

/// Makes and checks password verifiers.
pub(crate) struct Passwords {
    secret: [u8; 32],
    /// The verifier of no password, so that an unknown e-mail costs the same time as a known one.
    nobody: String,
    turns: Arc<Semaphore>,
    kept: Arc<Semaphore>,
}

/// Where a computation waits for its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Among all others.
    Common,
    /// Where no stranger can be in the way.
    Kept,
}

impl From<Option<Familiar>> for Place {
    fn from(familiar: Option<Familiar>) -> Self {
        familiar.map_or(Self::Common, |_| Self::Kept)
    }
}

impl Passwords {
    /// The salt is that of nobody's verifier.
    ///
    /// # Errors
    /// Why passwords can't be hashed.
    pub(crate) fn new(secret: [u8; 32], salt: [u8; 16]) -> Result<Self, String> {
        let nobody = hash(&[0; 32], &salt)?;
        Ok(Self {
            secret,
            nobody,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            kept: Arc::new(Semaphore::new(KEPT)),
        })
    }

    /// The salt that an e-mail seems to have whose account does not exist: always the same one.
    pub(crate) fn salt_of_nobody(&self, email: &Email) -> Result<[u8; 16], Problem> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.secret).map_err(|error| internal(&error))?;
        mac.update(b"wicketgate/1 salt\0");
        mac.update(email.as_str().as_bytes());
        let bytes = mac.finalize().into_bytes();
        let mut salt = [0; 16];
        salt.copy_from_slice(&bytes[..16]);
        Ok(salt)
    }

    /// The verifier to store for what a client derived.
    pub(crate) async fn verifier(&self, auth: [u8; 32], place: Place) -> Result<String, Problem> {
        let salt: [u8; 16] = crate::system::random()?;
        self.in_turn(place, move || hash(&auth, &salt))
            .await?
            .map_err(|error| internal(&error))
    }

    /// Whether the verifier is of what a client derived. Without a verifier it takes the same time, and is not.
    pub(crate) async fn matches(
        &self,
        auth: [u8; 32],
        verifier: Option<&str>,
        place: Place,
    ) -> Result<bool, Problem> {
        let known = verifier.is_some();
        let verifier = verifier.unwrap_or(&self.nobody).to_owned();
        let same = self
            .in_turn(place, move || verify(&auth, &verifier))
            .await?;
        Ok(same && known)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        place: Place,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let turns = Arc::clone(match place {
            Place::Common => &self.turns,
            Place::Kept => &self.kept,
        });
        let Ok(Ok(turn)) = timeout(PATIENCE, turns.acquire_owned()).await else {
            return Err(Problem::new(
                Code::Unavailable,
                "Too many people are signing in right now. Please try again.",
            )
            .with_retry_after(5));
        };
        // The turn belongs to the work, which goes on when its client has hung up.
        let in_turn = move || {
            let _turn = turn;
            work()
        };
        spawn_blocking(in_turn)
            .await
            .map_err(|error| internal(&error))
    }
}

fn hash(auth: &[u8; 32], salt: &[u8; 16]) -> Result<String, String> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(32)).map_err(|e| e.to_string())?;
    let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
    let made = PasswordHash {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: ParamsString::try_from(&params).map_err(|error| error.to_string())?,
        salt: Some(Salt::new(salt).map_err(|error| error.to_string())?),
        hash: derive(&Argon2::new(algorithm, version, params), auth, salt),
    };
    if made.hash.is_none() {
        return Err("nothing was derived".to_owned());
    }
    Ok(made.to_string())
}

fn verify(auth: &[u8; 32], verifier: &str) -> bool {
    expected(verifier).is_some_and(|(argon2, salt, expected)| {
        // Compared in constant time.
        derive(&argon2, auth, &salt) == Some(expected)
    })
}

/// What a verifier says: how to derive, with which salt, and what must come of it.
fn expected(verifier: &str) -> Option<(Argon2<'static>, Salt, Output)> {
    let hash = PasswordHash::new(verifier).ok()?;
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
    let version = Version::try_from(hash.version?).ok()?;
    let params = Params::try_from(&hash).ok()?;
    Some((
        Argon2::new(algorithm, version, params),
        hash.salt?,
        hash.hash?,
    ))
}

fn derive(argon2: &Argon2<'_>, auth: &[u8; 32], salt: &[u8]) -> Option<Output> {
    let blocks = argon2.params().block_count();
    let mut room = Vec::with_capacity(ROOM_BLOCKS.max(blocks));
    room.resize(blocks, Block::new());
    let mut derived = [0; 32];
    argon2
        .hash_password_into_with_memory(auth, salt, &mut derived, &mut room)
        .ok()?;
    Output::new(&derived).ok()
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passwords(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_verifier_matches_its_own_password_only() {
        let passwords = Passwords::new([1; 32], [2; 16]).unwrap();
        let verifier = passwords.verifier([7; 32], Place::Common).await.unwrap();
        assert!(
            verifier.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{verifier}"
        );
        let matches = async |auth, verifier| {
            let checked = passwords.matches(auth, verifier, Place::Common).await;
            checked.unwrap()
        };
        assert!(matches([7; 32], Some(&*verifier)).await);
        assert!(!matches([8; 32], Some(&*verifier)).await);
        assert!(!matches([0; 32], None).await);
    }

    #[tokio::test]
    async fn strangers_take_no_turn_of_those_who_are_none() {
        let passwords = Passwords::new([1; 32], [2; 16]).unwrap();
        let _strangers = passwords.turns.acquire_many(2).await.unwrap();
        let verifier = passwords.verifier([7; 32], Place::Kept).await.unwrap();
        let right = passwords.matches([7; 32], Some(&verifier), Place::Kept);
        assert!(right.await.unwrap());
    }

    #[tokio::test]
    async fn a_turn_lasts_as_long_as_its_work() {
        let passwords = Passwords::new([1; 32], [2; 16]).unwrap();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let (started, start) = tokio::sync::oneshot::channel();
        let work = passwords.in_turn(Place::Kept, move || {
            started.send(()).unwrap();
            let _ = ended.recv();
        });
        let mut work = Box::pin(work);
        tokio::select! {
            _ = &mut work => unreachable!(),
            start = start => start.unwrap(),
        }
        // Whoever asked hangs up.
        drop(work);
        assert_eq!(passwords.kept.available_permits(), 0);
        drop(end);
        drop(passwords.kept.acquire().await.unwrap());
    }

    #[test]
    fn nobody_keeps_the_same_salt() {
        let passwords = Passwords::new([1; 32], [2; 16]).unwrap();
        let ada = Email::parse("ada@example.org").unwrap();
        let bob = Email::parse("bob@example.org").unwrap();
        let salt = passwords.salt_of_nobody(&ada).unwrap();
        assert_eq!(passwords.salt_of_nobody(&ada).unwrap(), salt);
        assert_ne!(passwords.salt_of_nobody(&bob).unwrap(), salt);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn memory_is_given_back() {
        let resident_kib = || -> u64 {
            let status = std::fs::read_to_string("/proc/self/status").unwrap();
            let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
            let number = line.unwrap().split_whitespace().next().unwrap();
            number.parse().unwrap()
        };
        // Each thread has an arena of its own, as those that wait for a password have one after the other.
        let before = resident_kib();
        let mut threads = Vec::new();
        for _ in 0..8 {
            let (done, held) = std::sync::mpsc::channel::<()>();
            let thread = std::thread::spawn(move || {
                let made = [hash(&[7; 32], &[1; 16]), hash(&[7; 32], &[2; 16])];
                drop(done);
                std::thread::park();
                made
            });
            assert!(held.recv().is_err(), "the thread has computed");
            threads.push(thread);
        }
        let grown = resident_kib().saturating_sub(before);
        assert!(grown < u64::from(MEMORY_KIB), "{grown} KiB are kept");
        for thread in threads {
            thread.thread().unpark();
            assert!(thread.join().unwrap().iter().all(Result::is_ok));
        }
    }
}

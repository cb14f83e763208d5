//! A group of changes of which some fail: the others stand, each made exactly once, and sinks hear of these alone.

use super::*;
use std::sync::atomic::{AtomicU64, Ordering};
use wicketgate_domain::{
    Actor, ChatRef, Timestamp,
    event::{Event, Logged},
};

/// A sink that keeps what it is handed, change by change.
#[derive(Default)]
struct Heard(Mutex<Vec<Vec<u64>>>);

impl EventSink for Heard {
    fn committed(&self, partner: PartnerId, told: &[Told]) {
        assert_eq!(partner, PARTNER);
        let numbers = told.iter().filter_map(|told| Some(told.logged?.seq));
        self.0.lock().unwrap().push(numbers.collect());
    }
}

impl Heard {
    fn by(writer: &Writer) -> Arc<Self> {
        let heard = Arc::new(Self::default());
        writer.hand_to(Arc::clone(&heard) as Arc<dyn EventSink>);
        heard
    }

    fn take(&self) -> Vec<Vec<u64>> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

const PARTNER: PartnerId = PartnerId::from_bytes([7; 16]);

/// How often a change was made.
type Runs = Arc<AtomicU64>;

type Answer = Result<u64, StoreError>;

/// What a change does, once it has counted that it was made and written its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// It is told of.
    Stands,
    /// It is refused, and what it wrote is told of.
    IsRefused,
    /// The database refuses a part of it.
    Fails,
    /// The program does.
    Panics,
    /// The disk fails.
    Breaks,
}

fn told(number: u64) -> (PartnerId, Vec<Told>) {
    let told = Told {
        logged: Some(Logged {
            seq: number,
            by: Actor::Server,
            at: Timestamp::from_millis(0),
        }),
        event: Event::ChatEnded(ChatRef::from_bytes([1; 16])),
    };
    (PARTNER, vec![told])
}

/// A change that writes one row more each time it is made, and answers how often it was.
fn change(
    number: u64,
    then: Then,
    runs: Runs,
) -> impl FnMut(&Connection) -> Sql<Applied<u64, StoreError>> + Send + 'static {
    move |db| {
        let run = runs.fetch_add(1, Ordering::Relaxed) + 1;
        write(db, number)?;
        let answer = match then {
            Then::Stands => Ok(run),
            Then::IsRefused => Err(StoreError::new("refused")),
            Then::Fails => return Err(constraint(db)),
            Then::Panics => panic!("a fault of the program"),
            Then::Breaks => return Err(failure(ffi::SQLITE_IOERR_WRITE)),
        };
        Ok(Applied {
            answer,
            told: Some(told(number)),
        })
    }
}

fn write(db: &Connection, number: u64) -> Sql<()> {
    db.prepare_cached("INSERT INTO tally VALUES (?1)")?
        .execute([number.cast_signed()])
        .map(|_| ())
}

/// What the database answers to a row that is there already.
fn constraint(db: &Connection) -> rusqlite::Error {
    let twice = "INSERT INTO note VALUES (0, NULL), (0, NULL)";
    db.execute(twice, []).unwrap_err()
}

fn failure(code: i32) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)
}

/// A writer whose database counts how often each change stands.
fn tallying() -> Place {
    let place = place();
    let file = Connection::open(place.path()).unwrap();
    file.execute_batch("CREATE TABLE tally (number INTEGER NOT NULL) STRICT")
        .unwrap();
    place
}

/// The numbers of the changes that stand, in their order, as often as they stand.
fn tally(place: &Place) -> Vec<u64> {
    let file = Connection::open(place.path()).unwrap();
    let mut numbers = file
        .prepare("SELECT number FROM tally ORDER BY rowid")
        .unwrap();
    numbers
        .query_map([], |row| row.get(0).map(i64::cast_unsigned))
        .unwrap()
        .collect::<Sql<_>>()
        .unwrap()
}

/// Has a group made of these changes in this order; answers what each got and how often it was made.
async fn group(place: &Place, members: &[(u64, Then)]) -> Vec<(Answer, u64)> {
    let release = hold(&place.writer);
    let mut pending = Vec::new();
    for (number, then) in members {
        let runs = Runs::default();
        let made = change(*number, *then, Arc::clone(&runs));
        let mut call = place.writer.call(made).boxed_local();
        assert!((&mut call).now_or_never().is_none(), "it waits");
        pending.push((call, runs));
    }
    drop(release);
    let mut answers = Vec::new();
    for (call, runs) in pending {
        answers.push((call.await, runs.load(Ordering::Relaxed)));
    }
    answers
}

#[tokio::test]
async fn the_others_of_a_group_stand_once_and_are_told_once_in_their_order() {
    let place = tallying();
    let heard = Heard::by(&place.writer);
    let members = [
        (1, Then::Stands),
        (10, Then::Fails),
        (2, Then::IsRefused),
        (3, Then::Stands),
        (11, Then::Panics),
        (4, Then::Stands),
        (12, Then::Fails),
        (5, Then::Stands),
    ];
    let answers = group(&place, &members).await;
    assert_eq!(tally(&place), [1, 2, 3, 4, 5]);
    assert_eq!(heard.take(), [[1], [2], [3], [4], [5]]);
    for ((number, then), (answer, _)) in members.into_iter().zip(&answers) {
        let said = answer.as_ref().map_err(ToString::to_string);
        match then {
            Then::Stands => assert!(said.is_ok(), "{number}"),
            Then::IsRefused => assert!(said.unwrap_err().ends_with("refused")),
            Then::Fails => assert!(said.unwrap_err().contains("UNIQUE"), "{number}"),
            Then::Panics | Then::Breaks => {
                assert!(said.unwrap_err().contains("fault of the program"));
            }
        }
    }
    let runs: Vec<u64> = answers.iter().map(|(_, runs)| *runs).collect();
    assert_eq!(
        runs,
        [4, 1, 3, 3, 1, 2, 1, 1],
        "whatever stood before a member that failed was made anew, and that member was not"
    );
}

#[tokio::test]
async fn a_change_that_is_made_anew_is_answered_as_it_was_made_last() {
    let place = tallying();
    let answers = group(&place, &[(1, Then::Stands), (10, Then::Fails)]).await;
    assert_eq!(answers[0].0.as_ref().unwrap(), &2);
    assert_eq!(tally(&place), [1]);
}

#[tokio::test]
async fn a_change_that_no_other_spoils_is_made_once() {
    let place = tallying();
    let heard = Heard::by(&place.writer);
    let members = [1, 2, 3].map(|number| (number, Then::Stands));
    let answers = group(&place, &members).await;
    let runs: Vec<u64> = answers.iter().map(|(_, runs)| *runs).collect();
    assert_eq!(runs, [1, 1, 1]);
    assert_eq!(heard.take(), [[1], [2], [3]]);
}

#[tokio::test]
async fn a_member_that_fails_before_it_writes_has_nothing_made_anew() {
    let place = tallying();
    let heard = Heard::by(&place.writer);
    let release = hold(&place.writer);
    let runs = Runs::default();
    let first = place
        .writer
        .call(change(1, Then::Stands, Arc::clone(&runs)));
    let fails = place
        .writer
        .call(|db| Err::<Applied<u64, StoreError>, _>(constraint(db)));
    let panics = place.run(|db| {
        assert!(db.is_autocommit(), "a fault of the program");
        Ok(())
    });
    let refused = place.writer.call(|_| {
        let refused: Result<u64, _> = Err(StoreError::new("refused"));
        Ok(Applied::answered(refused))
    });
    let all = async { tokio::join!(first, fails, panics, refused) };
    let ((first, fails, panics, refused), ()) = tokio::join!(all, async { drop(release) });
    assert_eq!(first.unwrap(), 1);
    assert!(fails.is_err() && panics.is_err() && refused.is_err());
    assert_eq!(runs.load(Ordering::Relaxed), 1);
    assert_eq!(tally(&place), [1]);
    assert_eq!(heard.take(), [[1]], "what nobody was to hear, nobody heard");
}

#[tokio::test]
async fn a_group_of_which_every_second_member_fails_stands_for_the_rest() {
    let place = tallying();
    let heard = Heard::by(&place.writer);
    let members: Vec<(u64, Then)> = (0..60)
        .map(|number| match number % 4 {
            1 => (number, Then::Fails),
            3 => (number, Then::Panics),
            _ => (number, Then::Stands),
        })
        .collect();
    let answers = group(&place, &members).await;
    let standing: Vec<u64> = (0..60).step_by(2).collect();
    assert_eq!(tally(&place), standing);
    assert_eq!(heard.take().concat(), standing);
    let granted = answers.iter().filter(|(answer, _)| answer.is_ok()).count();
    assert_eq!(granted, standing.len());
}

#[tokio::test]
async fn a_group_that_the_disk_fails_is_told_to_nobody() {
    let place = tallying();
    let heard = Heard::by(&place.writer);
    let members = [
        (1, Then::Stands),
        (2, Then::IsRefused),
        (10, Then::Breaks),
        (3, Then::Stands),
    ];
    for (answer, _) in group(&place, &members).await {
        assert!(answer.unwrap_err().to_string().contains("disk I/O error"));
    }
    assert_eq!(tally(&place), [0; 0]);
    assert_eq!(heard.take(), [[0; 0]; 0]);
    group(&place, &[(4, Then::Stands)]).await;
    assert_eq!(heard.take(), [[4]], "the next group is told as ever");
}

#[tokio::test]
async fn a_note_that_fails_takes_nobody_with_it() {
    let place = tallying();
    let release = hold(&place.writer);
    place.writer.note(|db| {
        write(db, 10)?;
        Err(constraint(db))
    });
    let runs = Runs::default();
    let change = place.writer.call(change(1, Then::Stands, runs));
    let (answer, ()) = tokio::join!(change, async { drop(release) });
    assert!(answer.is_ok());
    assert_eq!(tally(&place), [1]);
}

#[tokio::test]
async fn a_sink_hears_of_a_change_before_its_caller_does() {
    let place = tallying();
    let heard = Heard::by(&place.writer);
    for number in 1..=20 {
        let made = change(number, Then::Stands, Runs::default());
        place.writer.call(made).await.unwrap();
        assert_eq!(heard.take(), [[number]]);
    }
}

//! Instants: moved by lengths of time, and held at the ends of their range.

use wicketgate_domain::{Lifetime, Timestamp, time::DAY_MILLIS};

#[test]
fn an_instant_is_moved_by_a_length_of_time() {
    let at = Timestamp::from_millis(1_000);
    assert_eq!(at.millis(), 1_000);
    assert_eq!(at.plus_millis(5).millis(), 1_005);
    assert_eq!(at.plus_millis(-5).millis(), 995);
    assert_eq!(at.minus_days(2).millis(), 1_000 - 2 * DAY_MILLIS);
    assert!(at < at.plus_millis(1) && at > at.minus_days(1));
}

#[test]
fn an_instant_stays_within_its_range() {
    let (first, last) = (
        Timestamp::from_millis(i64::MIN),
        Timestamp::from_millis(i64::MAX),
    );
    assert_eq!(last.plus_millis(1), last);
    assert_eq!(first.plus_millis(-1), first);
    assert_eq!(first.minus_days(u32::MAX), first);
}

#[test]
fn a_link_is_valid_for_a_day_unless_it_is_said() {
    assert_eq!(Lifetime::default(), Lifetime::DEFAULT);
    assert_eq!(Lifetime::DEFAULT.millis(), DAY_MILLIS);
}

//! Messages: which bodies can be one, and which numbers a page covers.

use wicketgate_domain::{
    ChatRef, Cid, Hash,
    message::{
        LONGEST_BODY, Range, SHORTEST_BODY, SeqRange, plausible_body, transcript_next,
        transcript_start,
    },
    seat::SeatNumber,
    side::Side,
};

#[test]
fn a_body_is_a_whole_number_of_padded_blocks() {
    for length in [
        SHORTEST_BODY,
        SHORTEST_BODY + 128,
        SHORTEST_BODY + 2 * 128,
        LONGEST_BODY - 128,
        LONGEST_BODY,
    ] {
        assert!(plausible_body(&vec![0; length]), "{length}");
    }
    for length in [
        0,
        1,
        128,
        SHORTEST_BODY - 128,
        SHORTEST_BODY - 1,
        SHORTEST_BODY + 1,
        SHORTEST_BODY + 127,
        LONGEST_BODY - 1,
        LONGEST_BODY + 1,
        LONGEST_BODY + 128,
    ] {
        assert!(!plausible_body(&vec![0; length]), "{length}");
    }
}

#[test]
fn a_page_lies_within_what_may_be_read() {
    let range = |first, last| SeqRange { first, last };
    for (readable, asked, expected) in [
        (range(1, 12), Range::After(0), range(1, 12)),
        (range(1, 12), Range::After(4), range(5, 12)),
        (range(1, 12), Range::After(12), range(13, 12)),
        (range(1, 12), Range::After(u64::MAX), range(u64::MAX, 12)),
        (range(5, 12), Range::After(0), range(5, 12)),
        (range(5, 12), Range::After(4), range(5, 12)),
        (range(5, 12), Range::After(5), range(6, 12)),
        (range(1, 12), Range::Before(u64::MAX), range(1, 12)),
        (range(1, 12), Range::Before(13), range(1, 12)),
        (range(1, 12), Range::Before(12), range(1, 11)),
        (range(5, 12), Range::Before(5), range(5, 4)),
        (range(5, 12), Range::Before(0), range(5, 0)),
    ] {
        let page = readable.within(asked);
        assert_eq!(page, expected, "{asked:?} of {readable:?}");
    }
}

#[test]
fn a_run_of_one_number_is_not_empty() {
    for (first, last, is_empty) in [(1, 1, false), (1, 2, false), (2, 1, true), (1, 0, true)] {
        assert_eq!(SeqRange { first, last }.is_empty(), is_empty);
    }
}

#[test]
fn a_transcript_depends_on_everything_that_it_covers() {
    let (chat, seat) = (ChatRef::from_bytes([1; 16]), SeatNumber(1));
    let start = transcript_start(chat, seat, b"enc");
    let others = [
        transcript_start(ChatRef::from_bytes([2; 16]), seat, b"enc"),
        transcript_start(chat, SeatNumber(2), b"enc"),
        transcript_start(chat, seat, b"end"),
    ];
    assert!(others.iter().all(|other| *other != start));

    let cid = Cid::from_bytes([3; 16]);
    let next = transcript_next(start, 1, Side::Customer, cid, b"body");
    let others = [
        transcript_next(Hash::of(b""), 1, Side::Customer, cid, b"body"),
        transcript_next(start, 2, Side::Customer, cid, b"body"),
        transcript_next(start, 1, Side::Partner, cid, b"body"),
        transcript_next(start, 1, Side::Customer, Cid::from_bytes([4; 16]), b"body"),
        transcript_next(start, 1, Side::Customer, cid, b"bode"),
    ];
    assert!(others.iter().all(|other| *other != next));
}

//! How long a message may be: one table for both implementations.

use serde::Deserialize;

use super::{scene::Scene, vectors::read};
use crate::{
    message::{self, LONGEST_JSON, LONGEST_SEALED, LONGEST_TEXT, MessageError, MessageText},
    role::Role,
    transcript::{Transcript, Witness},
};

#[derive(Deserialize)]
struct Limits {
    text: usize,
    json: usize,
    sealed: usize,
    cases: Vec<Case>,
}

/// A text: `unit`, so many times.
#[derive(Deserialize)]
struct Case {
    name: String,
    unit: String,
    times: usize,
    fits: bool,
    /// How many bytes are sealed, and how many come out, where it fits.
    json: Option<usize>,
    sealed: Option<usize>,
}

#[test]
fn what_fits_is_taken_and_sealed_within_the_limit_and_the_rest_is_refused() {
    let limits: Limits = read("limits.json");
    assert_eq!(
        (limits.text, limits.json, limits.sealed),
        (LONGEST_TEXT, LONGEST_JSON, LONGEST_SEALED)
    );
    let mut scene = Scene::new(55);
    let place = scene.place(Role::Customer);
    let witness = Witness {
        number: u64::MAX,
        transcript: Transcript::from_bytes([255; 32]),
    };
    for case in limits.cases {
        let parsed = MessageText::parse(&case.unit.repeat(case.times));
        if !case.fits {
            assert_eq!(parsed, Err(MessageError::Length), "{}", case.name);
            continue;
        }
        let text = parsed.unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let root = &scene.redemption.root;
        let sealed = message::seal(root, &place, &witness, &text, &mut scene.rng);
        assert_eq!(Some(sealed.len()), case.sealed, "{}", case.name);
        let (_, json) = message::open_json(root, &place, &sealed).unwrap();
        assert_eq!(Some(json.len()), case.json, "{}", case.name);
        assert!(
            json.len() <= LONGEST_JSON && sealed.len() <= LONGEST_SEALED,
            "{}",
            case.name
        );
    }
}

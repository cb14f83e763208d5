//! Messages and transcripts: what opens, what doesn't, and what both ends notice.

use super::{generate::NOW, scene::Scene, seeded};
use crate::{
    ids::{ChatRef, MessageId, SeatNumber},
    message::{self, Content, LONGEST_TEXT, MessageError, MessageText, Place},
    role::Role,
    seat::SeatRoot,
    transcript::{Agreement, Chain, Gap, Transcript, Witness},
};

fn text(text: &str) -> MessageText {
    MessageText::parse(text).unwrap()
}

fn witness() -> Witness {
    Witness {
        number: 41,
        transcript: Transcript::from_bytes([42; 32]),
    }
}

#[test]
fn both_ends_read_each_other() {
    let mut scene = Scene::new(50);
    let agent = scene.agent_root();
    for (role, sender, reader) in [
        (Role::Customer, &scene.redemption.root, &agent),
        (Role::Partner, &agent, &scene.redemption.root),
    ] {
        let message = MessageId::generate(NOW * 1000, &mut scene.rng);
        let place = Place {
            chat_ref: scene.chat_ref,
            seat: SeatNumber::new(1),
            role,
            message,
        };
        let said = text("Grüße \"🙂\"\n\u{1}");
        let body = message::seal(sender, &place, &witness(), &said, &mut scene.rng);
        let opened = message::open(reader, &place, &body).unwrap();
        assert_eq!(
            (opened.content, opened.witness),
            (Content::Text(said), witness())
        );
    }
}

#[test]
fn a_message_opens_only_in_its_place() {
    let mut scene = Scene::new(51);
    let place = scene.place(Role::Customer);
    let root = &scene.redemption.root;
    let body = message::seal(root, &place, &witness(), &text("handshake"), &mut scene.rng);
    for elsewhere in [
        Place {
            chat_ref: ChatRef::from_bytes([1; 16]),
            ..place
        },
        Place {
            seat: SeatNumber::new(2),
            ..place
        },
        Place {
            role: Role::Partner,
            ..place
        },
        Place {
            message: MessageId::from_bytes([1; 16]),
            ..place
        },
    ] {
        assert_eq!(
            message::open(root, &elsewhere, &body),
            Err(MessageError::Unopened),
            "{elsewhere:?}"
        );
    }
    assert_eq!(
        message::open(&SeatRoot::from_bytes([0; 32]), &place, &body),
        Err(MessageError::Unopened)
    );
}

#[test]
fn lengths_show_only_in_steps_of_128_bytes() {
    let mut scene = Scene::new(52);
    let place = scene.place(Role::Partner);
    let mut length = |characters: usize| {
        let said = text(&"x".repeat(characters));
        message::seal(
            &scene.redemption.root,
            &place,
            &witness(),
            &said,
            &mut scene.rng,
        )
        .len()
            - 12
            - 16
    };
    // 42 bytes stand around the JSON, and 25 of the JSON around the text.
    assert_eq!((length(1), length(61)), (128, 128));
    assert_eq!((length(62), length(189), length(190)), (256, 256, 384));
}

#[test]
fn a_text_shows_something() {
    assert_eq!(MessageText::parse(""), Err(MessageError::Length));
    for blank in [
        " \n",
        "\u{200b}\u{feff}",
        "\u{2800}",
        "\u{3164}",
        "\u{e0041}",
    ] {
        assert_eq!(
            MessageText::parse(blank),
            Err(MessageError::Blank),
            "{blank:?}"
        );
    }
}

#[test]
fn what_is_inside_is_text_or_newer_or_malformed() {
    let mut scene = Scene::new(53);
    let place = scene.place(Role::Customer);
    let root = &scene.redemption.root;
    let mut open = |json: &str| {
        let body = message::seal_json(root, &place, &witness(), json.as_bytes(), &mut scene.rng);
        message::open(root, &place, &body).map(|opened| opened.content)
    };
    assert_eq!(
        open(r#"{"text":"a","type":"text","more":1}"#),
        Ok(Content::Text(text("a")))
    );
    for kind in ["history", "file", "edit", "delete", "anything", ""] {
        assert_eq!(
            open(&format!(r#"{{"type":"{kind}","text":7}}"#)),
            Ok(Content::Newer),
            "{kind}"
        );
    }
    let long = "x".repeat(LONGEST_TEXT + 1);
    for received in ["", &long] {
        let opened = open(&format!(r#"{{"type":"text","text":"{received}"}}"#));
        assert!(matches!(opened, Ok(Content::Text(text)) if text.as_str() == received));
    }
    let deep = "[".repeat(4000);
    for json in [
        "",
        "{}",
        "[]",
        "\"text\"",
        r#"{"type":7}"#,
        r#"{"type":"text"}"#,
        &deep,
    ] {
        assert_eq!(open(json), Err(MessageError::Malformed), "{json}");
    }
}

#[test]
fn padding_is_strict() {
    let mut scene = Scene::new(54);
    let place = scene.place(Role::Customer);
    let root = &scene.redemption.root;
    let key = message::key(root, &place);
    let aad = [
        &[1],
        place.chat_ref.as_bytes().as_slice(),
        &place.seat.number().to_be_bytes(),
        &[0],
        place.message.as_bytes(),
    ]
    .concat();
    let content = [&[1][..], &[0; 40], br#"{"type":"text","text":"a"}"#].concat();
    let mut open = |plain: &[u8]| {
        let body = crate::aead::seal(&key, plain, &aad, &mut scene.rng);
        message::open(root, &place, &body).map(|_| ())
    };
    let padded = |version: u8, mark: u8, length: usize| {
        let mut plain = [&content[..], &[mark]].concat();
        plain[0] = version;
        plain.resize(length, 0);
        plain
    };
    assert_eq!(open(&padded(1, 0x80, 128)), Ok(()));
    for plain in [
        padded(2, 0x80, 128),
        padded(1, 0x81, 128),
        padded(1, 0x80, 127),
        padded(1, 0x80, 256),
        Vec::new(),
        vec![0; 128],
        [&[0x80][..], &[0; 127]].concat(),
    ] {
        assert_eq!(open(&plain), Err(MessageError::Malformed), "{plain:?}");
    }
}

/// Three messages and the chain over them, as one side followed it.
fn followed(scene: &Scene) -> (Chain, Vec<(Role, MessageId, Vec<u8>)>) {
    let mut chain = Chain::start(
        &scene.chat_ref,
        SeatNumber::new(1),
        &scene.redemption.handshake.enc,
        7,
    );
    let mut rng = seeded(550);
    let roles = [Role::Partner, Role::Customer, Role::Customer];
    let messages: Vec<_> = roles
        .map(|role| (role, MessageId::generate(NOW, &mut rng), vec![9; 156]))
        .into();
    for ((role, id, body), number) in messages.iter().zip(7..) {
        chain.append(number, *role, *id, body).unwrap();
    }
    (chain, messages)
}

#[test]
fn reordered_dropped_replayed_and_changed_histories_are_noticed() {
    let scene = Scene::new(55);
    let (honest, messages) = followed(&scene);
    let mut start = Chain::start(
        &scene.chat_ref,
        SeatNumber::new(1),
        &scene.redemption.handshake.enc,
        7,
    );
    assert_eq!(start.newest().number, 6);
    assert_eq!(honest.compare(&start.newest()), Agreement::Same);
    assert_eq!(start.compare(&honest.newest()), Agreement::Ahead);
    let [first, second, third] = [&messages[0], &messages[1], &messages[2]];
    let changed = (second.0, second.1, vec![8; 156]);
    let turned = (Role::Partner, second.1, second.2.clone());
    for history in [
        [first, third, second],
        [second, first, third],
        [first, first, third],
        [first, third, third],
        [first, &changed, third],
        [first, &turned, third],
    ] {
        let mut served = start.clone();
        for ((role, id, body), number) in history.into_iter().zip(7..) {
            served.append(number, *role, *id, body).unwrap();
        }
        assert_eq!(served.compare(&honest.newest()), Agreement::Differs);
    }
    // A message left out with its number shows as a gap, and the chain stays where it was.
    assert_eq!(
        start.append(8, second.0, second.1, &second.2),
        Err(Gap {
            expected: 7,
            found: 8
        })
    );
    assert_eq!(start.newest().number, 6);
}

#[test]
fn another_seat_chat_or_handshake_begins_another_transcript() {
    let (scene, other) = (Scene::new(56), Scene::new(57));
    let enc = &scene.redemption.handshake.enc;
    let start = Transcript::start(&scene.chat_ref, SeatNumber::new(1), enc);
    assert_ne!(
        Transcript::start(&other.chat_ref, SeatNumber::new(1), enc),
        start
    );
    assert_ne!(
        Transcript::start(&scene.chat_ref, SeatNumber::new(2), enc),
        start
    );
    assert_ne!(
        Transcript::start(
            &scene.chat_ref,
            SeatNumber::new(1),
            &other.redemption.handshake.enc
        ),
        start
    );
}

#[test]
fn a_chain_resumed_from_a_page_forgets_what_was_before() {
    let scene = Scene::new(58);
    let (mut whole, messages) = followed(&scene);
    let mut resumed = Chain::resume(whole.newest());
    let before = Witness {
        number: 8,
        transcript: Transcript::from_bytes([0; 32]),
    };
    assert_eq!(whole.compare(&before), Agreement::Differs);
    assert_eq!(resumed.compare(&before), Agreement::Forgotten);
    for chain in [&mut whole, &mut resumed] {
        chain
            .append(10, Role::Partner, messages[0].1, b"next")
            .unwrap();
    }
    assert_eq!(whole.newest(), resumed.newest());
    assert_eq!(resumed.compare(&whole.newest()), Agreement::Same);
}

#[test]
fn a_long_chain_remembers_the_newest_messages() {
    let mut chain = Chain::resume(Witness {
        number: 0,
        transcript: Transcript::from_bytes([0; 32]),
    });
    let first = chain.newest();
    for number in 1..=5000 {
        chain
            .append(number, Role::Customer, MessageId::from_bytes([0; 16]), b"")
            .unwrap();
    }
    assert_eq!(chain.compare(&first), Agreement::Forgotten);
    assert_eq!(chain.compare(&chain.newest()), Agreement::Same);
    let forged = Witness {
        number: 5000 - 4095,
        transcript: Transcript::from_bytes([0; 32]),
    };
    assert_eq!(chain.compare(&forged), Agreement::Differs);
}

//! Links from a terminal: what they look like, and what is said of one that can't be redeemed.

use std::{process::Output, time::Duration};

use crate::support::{Partner, Running, free_port, open, run};
use serde_json::{Value, json};
use wicketgate_client::{ApiClient, ApiKey, Invitation, Label, LinkWish, Server};

/// What `chat open` says of a link, without and with `--json`.
fn refused(url: &str) -> (String, Value) {
    let plain = run(&["chat", "open", url]);
    let lines = run(&["chat", "open", url, "--json"]);
    for output in [&plain, &lines] {
        assert_eq!(output.status.code(), Some(2), "{output:?}");
    }
    assert!(lines.stderr.is_empty());
    let said = String::from_utf8(plain.stderr).unwrap();
    (
        said.trim().to_owned(),
        serde_json::from_slice(&lines.stdout).unwrap(),
    )
}

fn url(link: &Value) -> &str {
    link["secureUrl"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_cannot_be_redeemed_says_why_and_ends_with_status_2() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());

    let used = partner.link(&[]);
    assert_eq!(open(&used).ready().end(), Some(0));
    let expired = partner.link(&["--expires", "1s"]);
    let unknown = format!(
        "{}/secure/chat/AAAAAAAAAAAAAAAAAAAAAA#1.{}",
        server.url(),
        "A".repeat(43)
    );
    for (url, sentence, state) in [
        (url(&used), "Link has already been used", "used"),
        (&unknown, "Link not found", "not_found"),
    ] {
        let (said, problem) = refused(url);
        assert_eq!(said, format!("wicketgate: {sentence}"));
        assert_eq!(
            problem,
            json!({ "event": "problem", "error": sentence, "state": state })
        );
    }

    let whole = partner.link(&[]);
    let (before, _) = url(&whole).split_once('#').unwrap();
    let (said, _) = refused(before);
    assert!(said.contains("incomplete"), "{said}");
    let (said, _) = refused("https://example.org/");
    assert!(said.contains("not the address of a chat link"), "{said}");
    assert_eq!(
        open(&whole).ready().end(),
        Some(0),
        "an incomplete address leaves the link valid"
    );

    // Looking changes nothing, so it may be repeated until the link's second has passed.
    while Invitation::look(url(&expired)).await.is_ok() {}
    let (said, problem) = refused(url(&expired));
    assert_eq!(said, "wicketgate: Link has expired");
    assert_eq!(problem["state"], "expired");
}

#[test]
fn a_link_is_made_with_everything_that_a_program_wants_to_know() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let link = partner.link(&["--chat", "order 17", "--expires", "3d"]);
    let id = link["linkId"].as_str().unwrap();
    assert_eq!(id.len(), 22);
    assert!(url(&link).starts_with(&format!("{}/secure/chat/{id}#1.", server.url())));
    assert_eq!(link["chatId"], "order 17");
    let members: Vec<_> = link
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(members, ["chatId", "expiresAt", "linkId", "secureUrl"]);
    let other = partner.link(&[]);
    assert_ne!(
        other["chatId"],
        partner.link(&[])["chatId"],
        "a chat without a name gets its own"
    );

    let words = [
        "link",
        "create",
        "--server",
        &server.url(),
        "--api-key",
        &partner.api_key,
        "--qr",
    ];
    let shown = run(&words);
    let shown = String::from_utf8(shown.stdout).unwrap();
    let mut lines = shown.lines();
    assert!(
        lines.next().unwrap().starts_with(&server.url()),
        "the address stands alone"
    );
    assert!(lines.clone().count() > 20 && shown.contains('█'), "{shown}");
}

fn create(server: &Running, key: &str, flags: &[&str]) -> Output {
    let url = server.url();
    run(&[
        &["link", "create", "--server", &url, "--api-key", key],
        flags,
    ]
    .concat())
}

fn complaint(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    String::from_utf8_lossy(&output.stderr).trim().to_owned()
}

#[test]
fn what_is_wrong_with_a_key_or_a_time_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let (two_parts, _) = partner.api_key.rsplit_once('.').unwrap();
    let other_identity = format!("{two_parts}.{}", "A".repeat(22));
    for (key, flags, expected) in [
        ("nonsense", &[][..], "This is not an API key"),
        (two_parts, &[], "lacks its last part"),
        (
            &other_identity,
            &[],
            "another identity than the one that the API key names",
        ),
        (
            &partner.api_key,
            &["--expires", "-1h"],
            "--expires is `-1h`: it must be a time like 90m, 24h or 3d",
        ),
        (
            &partner.api_key,
            &["--expires", "31d"],
            "--expires is `31d`: it must be a time like 90m, 24h or 3d",
        ),
    ] {
        let said = complaint(&create(&server, key, flags));
        assert!(said.contains(expected), "{said}");
    }
    let nobody = run(&[
        "link",
        "create",
        "--server",
        "http://localhost:1",
        "--api-key",
        &partner.api_key,
    ]);
    assert!(complaint(&nobody).contains("can't be reached"));
    let clear = run(&[
        "link",
        "create",
        "--server",
        "http://192.0.2.1",
        "--api-key",
        &partner.api_key,
    ]);
    assert!(complaint(&clear).contains("is not the address of a server"));
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_at_a_link_leaves_it_valid_and_one_of_many_wins() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start_with(folder.path(), free_port(), &["--limits", "off"]);
    let partner = Partner::create(&server, folder.path());
    let link = partner.link(&[]);
    let mut looks = Vec::new();
    for _ in 0..20 {
        looks.push(Invitation::look(url(&link)).await.unwrap());
    }
    assert_eq!(looks[0].partner_name(), "Otter & Sons");
    assert!(looks[0].is_verified_by_link());
    let tries: Vec<_> = looks
        .into_iter()
        .map(|look| tokio::spawn(look.redeem()))
        .collect();
    let mut winners = 0;
    for one in tries {
        match one.await.unwrap() {
            Ok(_) => winners += 1,
            Err(error) => assert_eq!(error.to_string(), "Link has already been used"),
        }
    }
    assert_eq!(winners, 1);
    assert!(
        Server::at(&server.url())
            .unwrap()
            .is_set_up()
            .await
            .unwrap()
    );
    assert!(
        ApiKey::parse(&partner.api_key)
            .unwrap()
            .fingerprint()
            .is_some()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_link_says_so_and_a_plain_link_opens_a_chat() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let key = ApiKey::parse(&partner.api_key).unwrap();
    let client = ApiClient::new(Server::at(&server.url()).unwrap(), key);
    let wish = LinkWish {
        chat_id: Some("plain".into()),
        lifetime: Duration::from_hours(1),
        label: Label::parse("").unwrap(),
    };
    let revoked = client.make_link(&wish).await.unwrap();
    client.revoke(&revoked.link_ref).await.unwrap();
    let (said, problem) = refused(&revoked.url);
    assert_eq!(said, "wicketgate: Link has been revoked");
    assert_eq!(problem["state"], "revoked");
    client.revoke(&revoked.link_ref).await.unwrap();

    let plain = client.make_plain_link(&wish).await.unwrap();
    assert!(plain.url.contains("#2."));
    let mut customer = open(&json!({ "secureUrl": plain.url.as_str() })).ready();
    let mut agent = partner.attend(&["--chat", "plain"]).ready();
    customer.say("from a plain link");
    agent.wait_for(&json!({ "event": "message", "text": "from a plain link" }));
    agent.say("to a plain link");
    customer.wait_for(&json!({ "event": "message", "text": "to a plain link" }));
}

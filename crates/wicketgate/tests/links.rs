//! Links from a terminal: what they look like, and what is said of one that can't be redeemed.

use std::{collections::HashSet, process::Output, time::Duration};

use crate::support::{Partner, Running, free_port, open, program, run};
use serde_json::{Value, json};
use wicketgate_client::{ApiClient, ApiKey, Invitation, Label, LinkWish, Server, State};

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
    for (url, sentence, state, code) in [
        (
            url(&used),
            "Link has already been used",
            "used",
            "link_used",
        ),
        (&unknown, "Link not found", "not_found", "link_not_found"),
    ] {
        let (said, problem) = refused(url);
        assert_eq!(said, format!("wicketgate: {sentence}"));
        assert_eq!(
            problem,
            json!({ "event": "problem", "code": code, "error": sentence, "state": state })
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
    assert_eq!(
        members,
        [
            "chatId",
            "chatRef",
            "expiresAt",
            "linkId",
            "ref",
            "secureUrl"
        ]
    );
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

/// The lines that a successful run printed.
fn lines(output: &Output) -> Vec<String> {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let printed = String::from_utf8(output.stdout.clone()).unwrap();
    printed.lines().map(str::to_owned).collect()
}

#[test]
fn a_link_is_listed_shown_and_ended_from_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let call = |words: &[&str]| {
        let mut command = program();
        command.env("WICKETGATE_SERVER", server.url());
        command.env("WICKETGATE_API_KEY", &partner.api_key);
        command.arg("link").args(words).output().unwrap()
    };
    let rows = |words: &[&str]| -> Vec<Value> {
        let printed = lines(&call(&[words, &["--json"]].concat()));
        printed
            .iter()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    let (used, desk) = (
        partner.link(&["--chat", "Desk"]),
        partner.link(&["--chat", "Desk 7"]),
    );
    assert_eq!(open(&used).ready().end(), Some(0));
    let ended = partner.link(&["--chat", "Desk"]);
    let name = |link: &Value| link["ref"].as_str().unwrap().to_owned();

    let shown = rows(&["show", &name(&desk)]);
    let members = shown[0].as_object().unwrap();
    for (member, value) in members
        .iter()
        .filter(|(name, _)| ["ref", "chatId", "chatRef", "expiresAt"].contains(&name.as_str()))
    {
        // However many digits a time has.
        let plain = |value: &Value| {
            value
                .as_str()
                .unwrap()
                .trim_end_matches(['0', 'Z', '.'])
                .to_owned()
        };
        assert_eq!(plain(value), plain(&desk[member]), "{member}");
    }
    assert_eq!(shown[0]["state"], "valid");
    assert!(!members.contains_key("vault") && !members.contains_key("blob"));

    // By its id and by its address, of which no more than the id is sent.
    for named in [desk["linkId"].as_str().unwrap(), url(&desk)] {
        assert_eq!(rows(&["show", named]), shown);
    }

    let revoked = rows(&["revoke", url(&ended)]);
    assert_eq!(
        (&revoked[0]["state"], &revoked[0]["ref"]),
        (&json!("revoked"), &ended["ref"])
    );
    assert_eq!(
        rows(&["revoke", &name(&ended)]),
        revoked,
        "a second time is as the first"
    );
    for flags in [&[][..], &["--json"]] {
        let refused = call(&[&["revoke", &name(&used)], flags].concat());
        assert_eq!(refused.status.code(), Some(2));
        assert!(refused.stdout.is_empty());
        let said = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(said.trim(), "wicketgate: Link has already been used");
    }
    let unknown = call(&["show", &"A".repeat(22)]);
    let said = String::from_utf8(unknown.stderr).unwrap();
    assert_eq!(said.trim(), "wicketgate: Link not found");
    let nonsense = call(&["revoke", "nonsense"]);
    assert!(complaint(&nonsense).contains("names no link"));

    for (words, expected) in [
        (&["list"][..], vec![&ended, &desk, &used]),
        (&["list", "--chat", "Desk"], vec![&ended, &used]),
        (&["list", "--chat", "Desk 7"], vec![&desk]),
        (&["list", "--chat", " Desk\u{a0} 7"], vec![&desk]),
        (&["list", "--chat", "Desk 8"], vec![]),
        (&["list", "--state", "valid"], vec![&desk]),
        (
            &["list", "--state", "revoked", "--chat", "Desk"],
            vec![&ended],
        ),
        (&["list", "--state", "expired"], vec![]),
    ] {
        let listed: Vec<_> = rows(words).iter().map(name).collect();
        let expected: Vec<_> = expected.into_iter().map(name).collect();
        assert_eq!(listed, expected, "{words:?}");
    }
    let printed = lines(&call(&["list"]));
    assert!(
        printed[0].contains("revoked at") && printed[0].ends_with("Desk"),
        "{printed:?}"
    );
    assert!(printed[1].contains("valid until") && printed[1].starts_with(&name(&desk)));
    let unknown = call(&["list", "--state", "not_found"]);
    assert_eq!(unknown.status.code(), Some(2), "no link stands like that");
}

#[test]
fn many_links_are_made_in_one_go() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create_with(&server, folder.path(), &[]);
    let printed = lines(&create(&server, &partner.api_key, &["--count", "600"]));
    let addresses: HashSet<_> = printed.iter().collect();
    assert_eq!(addresses.len(), 600);
    let opened = json!({ "secureUrl": printed[599] });
    let mut customer = open(&opened);
    customer.wait_for(&json!({ "event": "ready" }));

    let flags = ["--count", "3", "--chat", "one for all", "--json"];
    let made: Vec<Value> = lines(&create(&server, &partner.api_key, &flags))
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(made.len(), 3);
    assert!(made.iter().all(|link| link["chatId"] == "one for all"));
    assert_ne!(made[0]["ref"], made[1]["ref"]);

    // The key may not let somebody else into a chat that has a customer: each is refused, and the reason is said once.
    assert_eq!(open(&made[0]).ready().end(), Some(0));
    let refused = create(&server, &partner.api_key, &flags);
    let said = complaint(&refused);
    assert!(
        said.contains("3 of 3 links were not made: This API key lacks the scope links:existing"),
        "{said}"
    );
    for count in ["0", "-1", "many", "100001"] {
        let refused = create(&server, &partner.api_key, &["--count", count]);
        assert_eq!(refused.status.code(), Some(2), "{count}");
    }
}

#[test]
fn a_repeated_call_gets_the_links_that_it_made() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let state = folder.path().join("state/of this user");
    let (state, other) = (state.to_str().unwrap(), folder.path().join("other"));
    let made = |flags: &[&str]| {
        let flags = [&["--json", "--state", state], flags].concat();
        lines(&create(&server, &partner.api_key, &flags))
    };
    let first = made(&["--idempotency-key", "monday"]);
    assert_eq!(made(&["--idempotency-key", "monday"]), first);
    let named = [
        "--idempotency-key",
        "tuesday",
        "--chat",
        "t",
        "--expires",
        "2h",
        "--label",
        "x",
    ];
    assert_eq!(made(&named), made(&named));
    assert_ne!(made(&["--idempotency-key", "wednesday"]), first);

    let many = made(&["--idempotency-key", "many", "--count", "3"]);
    assert_eq!(many.iter().collect::<HashSet<_>>().len(), 3);
    let more = made(&["--idempotency-key", "many", "--count", "5"]);
    assert_eq!(more[..3], many[..]);
    let opened: Value = serde_json::from_str(&many[2]).unwrap();
    assert_eq!(open(&opened).ready().end(), Some(0));
    assert_eq!(
        made(&["--idempotency-key", "many", "--count", "3"]),
        many,
        "used or not"
    );

    for flags in [
        &["--state", state, "--label", "other"][..],
        &["--state", state, "--expires", "3h"],
        &["--state", state, "--chat", "other"],
        // On another machine nobody knows the address, but no second link is made either.
        &["--state", other.to_str().unwrap()],
    ] {
        for count in ["1", "2"] {
            let flags = [&["--idempotency-key", "monday", "--count", count], flags].concat();
            let refused = create(&server, &partner.api_key, &flags);
            let said = String::from_utf8(refused.stderr).unwrap();
            assert_eq!(refused.status.code(), Some(1), "{said}");
            assert!(
                said.contains("was made before with --idempotency-key `monday`"),
                "{said}"
            );
        }
    }
    let permissions = std::fs::metadata(format!("{state}/repeat.secret"))
        .unwrap()
        .permissions();
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&permissions) & 0o777,
        0o600
    );
    std::fs::write(format!("{state}/repeat.secret"), "short").unwrap();
    let refused = create(
        &server,
        &partner.api_key,
        &["--idempotency-key", "a", "--state", state],
    );
    assert!(complaint(&refused).contains("holds something else"));
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
    let again = client.revoke(&revoked.link_ref).await.unwrap();
    assert_eq!(again.state, State::Revoked);

    let plain = client.make_plain_link(&wish).await.unwrap();
    assert!(plain.url.contains("#2."));
    let mut customer = open(&json!({ "secureUrl": plain.url.as_str() })).ready();
    let mut agent = partner.attend(&["--chat", "plain"]).ready();
    customer.say("from a plain link");
    agent.wait_for(&json!({ "event": "message", "text": "from a plain link" }));
    agent.say("to a plain link");
    customer.wait_for(&json!({ "event": "message", "text": "to a plain link" }));
}

//! A server that shows another chat than the one that was asked for is not believed.

use serde_json::json;

use crate::support::{Partner, Running, free_port, open, swapped};

#[test]
fn what_is_meant_for_one_chat_goes_into_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let (meant, other) = (
        partner.link(&["--chat", "meant"]),
        partner.link(&["--chat", "other"]),
    );
    let mut customer = open(&other).ready();
    customer.say("who is there?");
    customer.wait_for(&json!({ "event": "status", "status": "sent" }));
    let name = |link: &serde_json::Value| link["chatRef"].as_str().unwrap().to_owned();
    let port = swapped(server.port(), &name(&meant), &name(&other));
    let mut agent = partner.at(port).attend(&["--chat", "meant"]);
    agent.wait_for(&json!({ "event": "problem", "code": "untrusted" }));
    assert_eq!(agent.end(), Some(1));
    assert!(agent.texts().is_empty(), "{:?}", agent.events);
}

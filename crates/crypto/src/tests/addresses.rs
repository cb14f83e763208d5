//! What programs and people do to addresses: one table for the terminal and the door.

use serde::Deserialize;

use super::vectors::read;
use crate::link::{AddressError, LinkAddress};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Table {
    public_url: String,
    link_id: String,
    sealed: String,
    plain: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    name: String,
    text: String,
    gives: String,
    #[serde(default)]
    exposed: bool,
    public_url: Option<String>,
    /// With blanks behind it, so that it has so many bytes.
    bytes: Option<usize>,
}

impl Case {
    fn text(&self) -> String {
        let missing = self.bytes.map_or(0, |bytes| bytes - self.text.len());
        format!("{}{}", self.text, " ".repeat(missing))
    }
}

#[test]
fn a_link_comes_back_out_of_what_is_done_to_it_and_never_becomes_another() {
    let table: Table = read("addresses.json");
    let mut wrong = Vec::new();
    for case in &table.cases {
        let fragment = match case.gives.as_str() {
            "sealed" => Ok(&table.sealed),
            "plain" => Ok(&table.plain),
            "fragment" => Err(AddressError::Fragment),
            "address" => Err(AddressError::Address),
            "several" => Err(AddressError::Several),
            other => panic!("{}: {other}", case.name),
        };
        let public_url = case.public_url.as_ref().unwrap_or(&table.public_url);
        let wanted = fragment.map(|fragment| {
            let url = format!("{public_url}/secure/chat/{}#{fragment}", table.link_id);
            (url, case.exposed)
        });
        let found = LinkAddress::parse(&case.text())
            .map(|address| (address.to_url().to_string(), address.exposed()));
        if found != wanted {
            wrong.push(format!("{}: {}\n  {found:?}", case.name, case.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

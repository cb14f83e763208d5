//! The live part over real sockets, a real server and a real database.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod live {
    pub(crate) mod client;
    mod cut;
    mod ending;
    mod feed;
    mod frames;
    mod pace;
    mod resume;
    mod strangers;
    mod talk;
    mod waiting;
    pub(crate) mod world;
}

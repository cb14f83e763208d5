//! The program as its users run it: started as a process, on a port and in a folder of its own.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise, also in what several tests share"
)]

mod bots;
mod conversation;
mod database;
mod ending;
mod given;
mod kill;
mod links;
mod listen;
mod output;
mod readme;
mod refusals;
mod settings;
mod signals;
mod support;
mod swapped;
mod tls;
mod typing;
mod ways;

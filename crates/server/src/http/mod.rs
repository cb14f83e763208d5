//! One file a noun, and what they share: who calls, what a body holds, how a refusal looks.

pub(crate) mod chat;
mod client_address;
pub(crate) mod compress;
pub(crate) mod cookie;
pub(crate) mod device;
pub(crate) mod etag;
pub(crate) mod head;
pub(crate) mod headers;
pub(crate) mod health;
mod html;
pub(crate) mod identity;
pub(crate) mod json;
pub(crate) mod key;
pub(crate) mod known;
pub(crate) mod link;
pub(crate) mod link_list;
pub(crate) mod message;
pub(crate) mod origin;
pub(crate) mod page;
pub(crate) mod param;
pub(crate) mod partner;
pub(crate) mod problem;
pub(crate) mod proxy;
pub(crate) mod session;
pub(crate) mod signin;
mod wait;
mod words;

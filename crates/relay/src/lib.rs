//! Fan-out of what was stored to whoever is connected to this node, and who that is.
//!
//! The store is the truth and the relay a shortcut: a reader that is too slow loses events here and is told so with
//! [`Delivery::Lagged`], whereupon it reads the store. So memory is bounded whatever readers do, and publishing never
//! waits for any of them. There is no task and no timer; a subscription that waits costs a few hundred bytes.

mod attendance;
mod presence;
mod reader;
mod relay;
mod rooms;
mod subscription;

pub use presence::Presence;
pub use reader::{Delivery, LONGEST_QUEUE};
pub use relay::Relay;
pub use subscription::Subscription;

//! What the own side has said, by name: a program that starts again and repeats itself is recognised.

use std::{
    collections::{BTreeMap, hash_map::RandomState},
    hash::BuildHasher as _,
};

use wicketgate_crypto::{
    ids::MessageId,
    message::{Content, MessageText},
};

/// How many of the newest are remembered: a program repeats what it had not seen acknowledged, and no more.
const MOST: usize = 1_024;

/// The newest messages of the own side.
#[derive(Debug, Default)]
pub(super) struct Said {
    hasher: RandomState,
    /// Number, and what stands for the text.
    by_name: BTreeMap<MessageId, (u64, u64)>,
    by_number: BTreeMap<u64, MessageId>,
}

impl Said {
    /// What stands for a text in this process.
    pub(super) fn mark(&self, text: &MessageText) -> u64 {
        self.hasher.hash_one(text.as_str())
    }

    pub(super) fn add(&mut self, cid: MessageId, seq: u64, content: Option<&Content>) {
        let Some(Content::Text(text)) = content else {
            return;
        };
        self.by_name.insert(cid, (seq, self.mark(text)));
        self.by_number.insert(seq, cid);
        if self.by_number.len() > MOST
            && let Some((_, oldest)) = self.by_number.pop_first()
        {
            self.by_name.remove(&oldest);
        }
    }

    /// The number of the message of that name, and whether it says the same.
    pub(super) fn find(&self, cid: MessageId, text: &MessageText) -> Option<(u64, bool)> {
        let &(seq, mark) = self.by_name.get(&cid)?;
        Some((seq, mark == self.mark(text)))
    }
}
